package dev.podbond.node.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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
