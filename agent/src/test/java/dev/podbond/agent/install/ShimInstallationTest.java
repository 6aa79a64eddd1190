package dev.podbond.agent.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShimInstallationTest {
  private static final String OLD = "#!/bin/sh\necho Podbond CNI plugin 1\n";
  private static final String NEW = "#!/bin/sh\necho Podbond CNI plugin 2\n";

  @TempDir Path directory;
  @TempDir Path image;
  private Path shim;

  @BeforeEach
  void makeShim() throws IOException {
    shim = Files.writeString(image.resolve("podbond-shim"), NEW);
  }

  @Test
  void isExecutableUnderEachName() throws IOException {
    installation("podbond", "bond").install(shim);

    assertThat(directory.resolve("podbond")).hasContent(NEW).isExecutable();
    assertThat(directory.resolve("bond")).hasContent(NEW).isExecutable();
    assertThat(names()).containsExactly("bond", "podbond");
  }

  @Test
  void replacesAnOlderRelease() throws IOException {
    Files.writeString(directory.resolve("podbond"), OLD);

    installation("podbond").install(shim);
    installation("podbond").install(shim);

    assertThat(directory.resolve("podbond")).hasContent(NEW);
    assertThat(names()).containsExactly("podbond");
  }

  @Test
  void putsBackTheEarlierProgram() throws IOException {
    Files.writeString(directory.resolve("bond"), "somebody else's");
    installation("bond").install(shim);
    assertThat(directory.resolve("bond")).hasContent(NEW);
    installation("bond").install(shim);

    installation("bond").remove();

    assertThat(directory.resolve("bond")).hasContent("somebody else's");
    assertThat(names()).containsExactly("bond");
  }

  @Test
  void leavesALaterProgramAlone() throws IOException {
    Files.writeString(directory.resolve("bond"), "first");
    installation("bond", "podbond").install(shim);
    Files.writeString(directory.resolve("bond"), "second");

    installation("bond", "podbond").remove();

    assertThat(directory.resolve("bond")).hasContent("second");
    assertThat(names()).containsExactly("bond");
  }

  /// The runtime deletes a pod under the name under which it attached it.
  @Test
  void aNameOfAnEarlierInstallationStaysAndIsReplaced() throws IOException {
    installation("podbond", "bond", "sriov").install(Files.writeString(image.resolve("old"), OLD));
    Files.writeString(directory.resolve("loopback"), "somebody else's");

    assertThat(installation("podbond").install(shim)).containsExactly("bond", "sriov");

    for (String name : List.of("podbond", "bond", "sriov")) {
      assertThat(directory.resolve(name)).hasContent(NEW).isExecutable();
    }
    assertThat(directory.resolve("loopback")).hasContent("somebody else's");
    assertThat(installation("podbond", "bond", "sriov").install(shim)).isEmpty();
  }

  @Test
  void isRemovedFromTheNamesOfEarlierInstallationsToo() throws IOException {
    Files.writeString(directory.resolve("bond"), "somebody else's");
    Files.createDirectory(directory.resolve("sub"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("podbond"));
    installation("podbond", "bond", "sriov").install(shim);
    installation("podbond").install(shim);

    installation("podbond").remove();

    assertThat(directory.resolve("bond")).hasContent("somebody else's");
    assertThat(names()).containsExactly("bond", "link", "sub");
  }

  @Test
  void theNameIsThereAtEveryMoment() throws Exception {
    Files.writeString(directory.resolve("bond"), OLD);
    AtomicBoolean ends = new AtomicBoolean();
    AtomicInteger looks = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              while (!ends.get()) {
                looks.incrementAndGet();
                try {
                  String content = Files.readString(directory.resolve("bond"));
                  if (!content.equals(OLD) && !content.equals(NEW)) {
                    wrong.incrementAndGet();
                  }
                } catch (IOException _) {
                  wrong.incrementAndGet();
                }
              }
            });
    for (int i = 0; i < 50; i++) {
      installation("bond").install(shim);
    }
    ends.set(true);
    reader.join();

    assertThat(looks.get()).isPositive();
    assertThat(wrong.get()).isZero();
  }

  @Test
  void aNameThatIsAPathIsRefused() {
    for (String name : List.of("../bond", ".bond", "", "a/b")) {
      assertThatThrownBy(() -> installation(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not a name for a CNI plugin");
    }
  }

  private ShimInstallation installation(String... names) {
    return new ShimInstallation(directory, List.of(names));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
