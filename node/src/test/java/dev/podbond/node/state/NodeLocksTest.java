package dev.podbond.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLocksTest {
  private static final LockName PCI =
      new LockName.OfPci(PciAddress.parse("0000:01:10.0").orElseThrow());
  private static final LockName ATTACHMENT = new LockName.OfAttachment("abc", "net1");
  private static final Polling POLLING = new Polling(WaitClock.SYSTEM);

  @TempDir Path directory;

  /// Records name what is changed and requests name what is run, as root.
  @Test
  void aDirectoryInWhichOthersMayWriteIsNotObeyed() throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    for (String permissions : List.of("rwxrwx---", "rwx----w-", "rwxrwxrwx")) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));
      assertThatThrownBy(() -> NodeLocks.open(open, POLLING))
          .isInstanceOf(StateException.class)
          .hasMessageContaining("users other than root may write to " + open.toRealPath())
          .hasMessageContaining("chmod 700");
    }
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    NodeLocks.open(open, POLLING).close();
  }

  @Test
  void aLockIsFreeAgainOnceClosed() throws StateException {
    try (NodeLocks locks = NodeLocks.open(directory, POLLING)) {
      locks.acquire(PCI, Duration.ZERO).close();
      locks.acquire(PCI, Duration.ZERO).close();
    }
  }

  @Test
  void locksOfDifferentNamesDoNotMeet() throws StateException {
    try (NodeLocks locks = NodeLocks.open(directory, POLLING);
        HeldLock one = locks.acquire(PCI, Duration.ZERO);
        HeldLock other = locks.acquire(ATTACHMENT, Duration.ZERO)) {
      assertThat(one.name()).isNotEqualTo(other.name());
    }
  }

  @Test
  void aHeldLockIsNotGivenToAnotherThread() throws StateException {
    try (NodeLocks locks = NodeLocks.open(directory, POLLING);
        HeldLock _ = locks.acquire(PCI, Duration.ZERO)) {
      assertThatThrownBy(() -> locks.acquire(PCI, Duration.ofMillis(20)))
          .isInstanceOf(LockTimeoutException.class)
          .hasMessageStartingWith(
              "the lock on PCI function 0000:01:10.0 was not free within 20 ms; ");
    }
  }

  @Test
  void aLockOfAnotherProcessIsWaitedForAndFreeWhenThatProcessDies() throws Exception {
    Process holder = holderOf(PCI);
    try (NodeLocks locks = NodeLocks.open(directory, POLLING)) {
      assertThatThrownBy(() -> locks.acquire(PCI, Duration.ofMillis(30)))
          .isInstanceOf(LockTimeoutException.class);
      locks.acquire(ATTACHMENT, Duration.ZERO).close();
      holder.destroyForcibly().waitFor();
      locks.acquire(PCI, Duration.ofSeconds(5)).close();
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void onlyOneThreadIsEverInside() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (NodeLocks locks = NodeLocks.open(directory, POLLING);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> rounds = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        rounds.add(
            threads.submit(() -> {
              try (HeldLock _ = locks.acquire(PCI, Duration.ofSeconds(30))) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                inside.decrementAndGet();
              }
              return null;
            }));
      }
      for (Future<?> round : rounds) {
        round.get();
      }
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void theHolderIsNamedFromWhatTheKernelKnows() throws Exception {
    Path proc = Files.createDirectories(directory.resolve("proc"));
    Files.writeString(
        proc.resolve("locks"),
        "1: FLOCK  ADVISORY  WRITE 99 00:2d:1 0 EOF\n2: POSIX  ADVISORY  WRITE 4711 00:2d:77 %d %d\n"
            .formatted(PCI.offset(), PCI.offset()));
    Path process = Files.createDirectories(proc.resolve("4711"));
    Files.writeString(process.resolve("comm"), "java\n");
    Files.writeString(
        process.resolve("environ"),
        "PATH=/bin\0CNI_COMMAND=ADD\0CNI_CONTAINERID=abc\0CNI_IFNAME=net1\0");
    assertThat(new LockHolder(proc).of(PCI.offset()))
        .contains("process 4711 (java CNI_COMMAND=ADD CNI_CONTAINERID=abc CNI_IFNAME=net1)");
    assertThat(new LockHolder(proc).of(ATTACHMENT.offset())).isEmpty();
    assertThat(new LockHolder(directory.resolve("none")).of(PCI.offset())).isEmpty();
  }

  @Test
  void theDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> NodeLocks.open(file.resolve("below"), POLLING))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("cannot open the lock file " + file.resolve("below/lock"));
  }

  /// Another process that has taken the lock and runs until it is killed.
  private Process holderOf(LockName name) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockHoldingProcess.class.getName(),
                directory.resolve("lock").toString(),
                Long.toString(name.offset()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int first = process.getInputStream().read();
    assertThat(first).as("the other process says that it has the lock").isEqualTo('+');
    return process;
  }
}
