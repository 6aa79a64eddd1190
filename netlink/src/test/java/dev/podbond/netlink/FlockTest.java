package dev.podbond.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlockTest {
  @TempDir Path directory;

  @Test
  void keepsAnotherOutUntilItIsClosed() throws IOException {
    Path file = Files.createFile(directory.resolve("lock"));
    try (Flock second = Flock.open(file)) {
      try (Flock first = Flock.open(file)) {
        assertThat(first.tryLock()).isTrue();
        assertThat(second.tryLock()).isFalse();
      }
      assertThat(second.tryLock()).isTrue();
    }
  }

  /// flock(1) takes the lock that Go programs take.
  @Test
  void isTheLockOfOtherPrograms() throws IOException, InterruptedException {
    Path file = Files.createFile(directory.resolve("lock"));
    try (Flock lock = Flock.open(file)) {
      assertThat(lock.tryLock()).isTrue();
      assertThat(flock(file)).isEqualTo(1);
    }
    assertThat(flock(file)).isZero();
  }

  private static int flock(Path file) throws IOException, InterruptedException {
    return new ProcessBuilder("flock", "--nonblock", file.toString(), "true").start().waitFor();
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> Flock.open(directory.resolve("lock")))
        .isInstanceOfSatisfying(
            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }
}
