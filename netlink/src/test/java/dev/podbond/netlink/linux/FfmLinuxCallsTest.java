package dev.podbond.netlink.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.Property;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FfmLinuxCallsTest {
  private final LinuxCalls calls = LinuxCalls.system();

  @Test
  void theErrorNumberIsTheCallsOwn() {
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> calls.open("/no/such/file", 0))
        .withMessage("open(/no/such/file): ENOENT (No such file or directory)");
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> calls.setns(-1, LinuxConstants.CLONE_NEWNET))
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EBADF));
    assertThatExceptionOfType(LinuxException.class)
        .isThrownBy(() -> calls.socket(-5, 1, 0))
        .satisfies(e -> assertThat(e.errno().symbol()).isEqualTo("EAFNOSUPPORT"));
  }

  @Test
  void bytesGoThroughFilesUnchanged(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("data");
    Property.holds(random -> {
      byte[] bytes = new byte[1 + random.nextInt(10_000)];
      random.nextBytes(bytes);
      Files.deleteIfExists(file);
      Files.createFile(file);
      try (Fd out = new Fd(calls, calls.open(file.toString(), LinuxConstants.O_WRONLY), "out");
          Fd in = new Fd(calls, calls.open(file.toString(), LinuxConstants.O_RDONLY), "in")) {
        assertThat(calls.write(out.number(), bytes)).isEqualTo(bytes.length);
        byte[] read = new byte[bytes.length];
        assertThat(calls.read(in.number(), read)).isEqualTo(bytes.length);
        assertThat(read).isEqualTo(bytes);
        assertThat(calls.read(in.number(), read)).isZero();
      }
    });
  }

  /// A call's memory was used by earlier calls, and some data needs more than is kept.
  @Test
  void moreBytesThanAreKeptForACallGoThroughUnchanged(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("data"));
    byte[] bytes = new byte[3_000_000];
    Arrays.fill(bytes, (byte) 7);
    bytes[bytes.length - 1] = 42;
    try (Fd out = new Fd(calls, calls.open(file.toString(), LinuxConstants.O_WRONLY), "out");
        Fd in = new Fd(calls, calls.open(file.toString(), LinuxConstants.O_RDONLY), "in")) {
      assertThat(calls.write(out.number(), bytes)).isEqualTo(bytes.length);
      byte[] read = new byte[bytes.length];
      assertThat(calls.read(in.number(), read)).isEqualTo(bytes.length);
      assertThat(read).isEqualTo(bytes);
    }
  }

  /// Calls at once must not share memory: each thread writes and reads back bytes of its own.
  @Test
  void threadsAtOnceKeepTheirBytesApart(@TempDir Path directory) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        byte own = (byte) i;
        Path file = Files.createFile(directory.resolve("own" + i));
        results.add(threads.submit(() -> writesAndReads(file, own)));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  private boolean writesAndReads(Path file, byte own) throws LinuxException {
    byte[] bytes = new byte[4_000];
    Arrays.fill(bytes, own);
    try (Fd out = new Fd(calls, calls.open(file.toString(), LinuxConstants.O_WRONLY), "out");
        Fd in = new Fd(calls, calls.open(file.toString(), LinuxConstants.O_RDONLY), "in")) {
      for (int i = 0; i < 200; i++) {
        byte[] read = new byte[bytes.length];
        if (calls.write(out.number(), bytes) != bytes.length
            || calls.read(in.number(), read) != bytes.length
            || !Arrays.equals(read, bytes)) {
          return false;
        }
      }
      return true;
    }
  }

  @Test
  void descriptorsAreClosedOnExec() throws Exception {
    try (Fd file = new Fd(calls, calls.open("/proc/self/status", 0), "file");
        Fd event = new Fd(calls, calls.eventFd(), "event");
        Fd socket = new Fd(calls, calls.socket(LinuxConstants.AF_INET, 2, 0), "socket")) {
      for (Fd fd : new Fd[] {file, event, socket}) {
        String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd.number()));
        long flags =
            info.lines()
                .filter(line -> line.startsWith("flags:"))
                .mapToLong(line -> Long.parseLong(line.substring(6).strip(), 8))
                .findFirst()
                .orElseThrow();
        assertThat(flags & LinuxConstants.O_CLOEXEC).isEqualTo(LinuxConstants.O_CLOEXEC);
      }
    }
  }

  @Test
  void pollTellsWhichDescriptorIsReady() throws Exception {
    try (Fd first = new Fd(calls, calls.eventFd(), "first");
        Fd second = new Fd(calls, calls.eventFd(), "second")) {
      int[] both = {first.number(), second.number()};
      assertThat(calls.poll(both, 0).isEmpty()).isTrue();
      calls.write(second.number(), new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
      assertThat(calls.poll(both, 1_000).stream()).containsExactly(1);
      calls.write(first.number(), new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
      assertThat(calls.poll(both, 1_000).stream()).containsExactly(0, 1);
    }
  }

  @Test
  void theThreadIdIsTheKernels() throws Exception {
    assertThat(Path.of("/proc/self/task/" + calls.threadId())).exists();
  }

  @Test
  void aClosedDescriptorIsNotNamed() throws Exception {
    Fd fd = new Fd(calls, calls.eventFd(), "the event");
    fd.close();
    fd.close();
    assertThatThrownBy(fd::number).hasMessage("the event is closed");
  }

  @Test
  void libcGivesBackWhatIsFreeBelowAnythingInUse() throws Exception {
    calls.trimHeap();
    long before = residentKibibytes();
    try (Arena inUse = Arena.ofConfined()) {
      try (Arena freed = Arena.ofConfined()) {
        for (int i = 0; i < 4096; i++) {
          freed.allocate(16 * 1024).fill((byte) 1);
        }
        inUse.allocate(16 * 1024).fill((byte) 1);
      }
      calls.trimHeap();
      assertThat(residentKibibytes()).isLessThan(before + 32 * 1024);
    }
  }

  private static long residentKibibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}
