package dev.podbond.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir Path directory;

  @Test
  void onlyOneCreates() throws IOException {
    DurableFile file = new DurableFile(directory.resolve("claim"));
    assertThat(file.create("first")).isTrue();
    assertThat(file.create("second")).isFalse();
    assertThat(directory.resolve("claim")).hasContent("first");
    file.replace("third");
    assertThat(directory.resolve("claim")).hasContent("third");
    assertThat(directory).isDirectoryNotContaining("glob:**/.new-*");
    assertThat(file.delete()).isTrue();
    assertThat(file.delete()).isFalse();
  }

  @Test
  void aProgramKeepsItsModeAndIsReplacedWhileItRuns() throws Exception {
    Path program = directory.resolve("sleep");
    DurableFile file = new DurableFile(program);
    byte[] sleep = Files.readAllBytes(Path.of("/bin/sleep").toRealPath());
    file.replace(sleep, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process running = new ProcessBuilder(program.toString(), "600").start();
    try {
      file.link(directory.resolve("kept"));
      file.replace(
          "new".getBytes(StandardCharsets.UTF_8), PosixFilePermissions.fromString("rwx--x--x"));
      assertThat(program).hasContent("new");
      assertThat(Files.getPosixFilePermissions(program))
          .isEqualTo(PosixFilePermissions.fromString("rwx--x--x"));
      assertThat(directory.resolve("kept")).hasBinaryContent(sleep);
      new DurableFile(directory.resolve("kept")).rename(program);
      assertThat(program).hasBinaryContent(sleep).isExecutable();
      assertThat(directory).isDirectoryNotContaining("glob:**/{kept,.new-*}");
      assertThat(running.isAlive()).isTrue();
    } finally {
      running.destroyForcibly();
    }
  }

  /// A directory whose name was misspelt is not made, unlike those of the state.
  @Test
  void aProgramNeedsItsDirectory() {
    DurableFile file = new DurableFile(directory.resolve("none/program"));
    assertThatThrownBy(
            () -> file.replace(new byte[0], PosixFilePermissions.fromString("rwxr-xr-x")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void whereOthersHaveFilesOnlyOurOwnGo() throws IOException {
    Path ours = Files.createFile(directory.resolve(".new-12-ab34-5"));
    Path fresh = Files.createFile(directory.resolve(".new-12-ab34-6"));
    Path theirs = Files.createFile(directory.resolve(".new-plugin"));
    Path alsoTheirs = Files.createFile(directory.resolve(".4711"));
    for (Path file : new Path[] {ours, theirs, alsoTheirs}) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
    }
    DurableFile.deleteOwnAbandoned(directory, Duration.ofMinutes(1));
    assertThat(ours).doesNotExist();
    assertThat(List.of(fresh, theirs, alsoTheirs)).allSatisfy(file -> assertThat(file).exists());
  }

  @Test
  void whatAKilledWriterLeftGoesWhenItIsOld() throws IOException {
    Path below = Files.createDirectory(directory.resolve("vf"));
    Path old = Files.createFile(below.resolve(DurableFile.TEMPORARY_PREFIX + "1"));
    Path fresh = Files.createFile(directory.resolve(DurableFile.TEMPORARY_PREFIX + "2"));
    Path record = Files.createFile(directory.resolve("c:net1.json"));
    Path shims = Files.createFile(below.resolve(".4711"));
    Path shimsFresh = Files.createFile(below.resolve(".4712"));
    for (Path file : new Path[] {old, record, shims}) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100)));
    }
    DurableFile.deleteAbandoned(directory, Duration.ofMinutes(1));
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(shims).as("of a shim of an earlier release").doesNotExist();
    assertThat(shimsFresh).exists();
    assertThat(record).exists();
    DurableFile.deleteAbandoned(directory.resolve("nowhere"), Duration.ZERO);
  }
}
