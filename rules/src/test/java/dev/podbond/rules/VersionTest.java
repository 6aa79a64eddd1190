package dev.podbond.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One version, that of `pom.xml`: whatever repeats it says the same. `packaging/version` changes
/// all of it, but for the words of `CHANGELOG.md`.
final class VersionTest {
  private static final Path ROOT = Path.of("..");
  private static final String NUMBER = "(\\d+\\.\\d+\\.\\d+[\\w.-]*\\w|\\d+\\.\\d+\\.\\d+)";
  private static final Pattern OF_POM = Pattern.compile("<version>(.+)</version>");
  private static final Pattern OF_CHART = Pattern.compile("(?m)^(?:version|appVersion): (.+)$");
  private static final Pattern OF_IMAGE =
      Pattern.compile("\\bpodbond(?:-operator)?(?:-image)?[:-]" + NUMBER);
  private static final Pattern RELEASED =
      Pattern.compile("(?m)^## \\[" + NUMBER + "] - \\d{4}-\\d\\d-\\d\\d$");

  @Test
  void theChartHasTheVersionAndInstallsItsImages() throws IOException {
    String chart = Files.readString(ROOT.resolve("packaging/chart/Chart.yaml"));

    assertThat(OF_CHART.matcher(chart).results().map(found -> found.group(1)))
        .as("version and appVersion: run packaging/version")
        .containsExactly(version(), version());
  }

  @Test
  void noFileNamesAnImageOrAnArchiveOfAnotherVersion() throws IOException {
    List<String> found = new ArrayList<>();
    int named = 0;
    for (Path file : files()) {
      // Pictures are among them.
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      named += (int) OF_IMAGE.matcher(text).results().count();
      others(text, version()).forEach(other -> found.add(file + ": " + other));
    }

    assertThat(found).as("%s is the version: run packaging/version", version()).isEmpty();
    assertThat(named).as("that it looks at all: the plain manifests name six").isGreaterThan(5);
  }

  @Test
  void theChangelogTellsOfTheVersionFirst() throws IOException {
    Matcher released = RELEASED.matcher(Files.readString(ROOT.resolve("CHANGELOG.md")));

    assertThat(released.find()).as("a heading as ## [1.2.3] - 2026-01-31").isTrue();
    assertThat(released.group(1)).isEqualTo(version());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image: podbond:9.8.7",
        "image: podbond-operator:9.8.7-rc.1",
        "podbond-9.8.7-linux-amd64.tar.gz",
        "podbond-operator-image-9.8.7-arm64.tar"
      })
  void anotherVersionIsFound(String line) {
    assertThat(others(line, "9.8.6")).hasSize(1);
    assertThat(others("podbond:9.8.7 podbond-operator:9.8.7.", "9.8.7")).isEmpty();
  }

  private static String version() throws IOException {
    Matcher first = OF_POM.matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertThat(first.find()).isTrue();
    return first.group(1);
  }

  private static List<String> others(String text, String version) {
    return OF_IMAGE
        .matcher(text)
        .results()
        .filter(found -> !isOf(found.group(1), version))
        .map(MatchResult::group)
        .toList();
  }

  /// A file's name goes on after its version: `podbond-1.2.3-linux-amd64.tar.gz`.
  private static boolean isOf(String found, String version) {
    return found.equals(version)
        || found.startsWith(version + "-linux")
        || found.startsWith(version + "-amd64")
        || found.startsWith(version + "-arm64")
        || found.equals(version + ".tgz");
  }

  /// What is shipped or tells how to use it.
  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    for (String directory : List.of("packaging", "docs", "examples", "lab")) {
      try (Stream<Path> all = Files.walk(ROOT.resolve(directory))) {
        all.filter(file -> !file.startsWith(ROOT.resolve("packaging/target")))
            .filter(Files::isRegularFile)
            .forEach(files::add);
      }
    }
    return files;
  }
}
