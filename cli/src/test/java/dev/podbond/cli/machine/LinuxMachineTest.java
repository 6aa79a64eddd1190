package dev.podbond.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockName;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.state.StateException;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.PfDevice;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.value.PciAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How this machine handles a VF while a plugin uses it. The sysfs is artificial.
class LinuxMachineTest {
  private static final String PF = "0000:01:00.0";
  private static final PciAddress VF = PciAddress.parse("0000:01:10.2").orElseThrow();

  @TempDir Path scratch;
  private final List<String> warnings = new ArrayList<>();
  private PfDevice pf;
  private VfDevice vf;
  private LinuxMachine machine;

  @BeforeEach
  void onePfWithTwoVfs() throws Exception {
    Path functions = scratch.resolve("sys/bus/pci/devices");
    Path interfaces = functions.resolve(PF).resolve("net/pf0");
    Files.createDirectories(interfaces);
    Files.writeString(interfaces.resolve("ifindex"), "1000000\n");
    Files.writeString(functions.resolve(PF).resolve("sriov_totalvfs"), "7\n");
    Files.writeString(numVfs(), "2\n");
    for (int i = 0; i < 2; i++) {
      Path function = Files.createDirectory(functions.resolve("0000:01:10." + 2 * i));
      Files.createSymbolicLink(function.resolve("physfn"), Path.of("../" + PF));
      Files.createSymbolicLink(
          functions.resolve(PF).resolve("virtfn" + i), Path.of("../" + function.getFileName()));
    }
    PciDevices devices = new PciDevices(scratch.resolve("sys"));
    pf = devices.pfs().getFirst();
    vf = devices.vf(VF).orElseThrow();
    machine =
        new LinuxMachine(
            scratch.resolve("sys"), scratch.resolve("state"), warnings::add, new NoTime());
  }

  private Path numVfs() {
    return scratch.resolve("sys/bus/pci/devices").resolve(PF).resolve("sriov_numvfs");
  }

  @Test
  void noVfsAreMadeAnewWhileAPluginIsAtWorkOnOneOfThem() throws Exception {
    try (NodeLocks locks = NodeLocks.open(scratch.resolve("state"), new Polling(WaitClock.SYSTEM));
        HeldLock _ = locks.acquire(new LockName.OfPci(VF), Duration.ZERO)) {
      assertThatThrownBy(() -> machine.makeVfs(pf, 3))
          .isInstanceOf(MachineException.class)
          .hasMessageContaining("the lock on PCI function " + VF + " was not free");
    }
    assertThat(Files.readString(numVfs())).isEqualTo("2\n");
  }

  @Test
  void aVfIsNotSetUpWhileAPluginIsAtWorkOnIt() throws Exception {
    try (NodeLocks locks = NodeLocks.open(scratch.resolve("state"), new Polling(WaitClock.SYSTEM));
        HeldLock _ = locks.acquire(new LockName.OfPci(VF), Duration.ZERO)) {
      assertThatThrownBy(() -> machine.setUp(vf, _ -> List.of()))
          .isInstanceOf(MachineException.class)
          .hasMessageContaining("the lock on PCI function " + VF + " was not free");
    }
  }

  /// The decision is made while the lock is held, and the lock is free afterwards.
  @Test
  void nobodyCanClaimAVfWhileItIsDecidedAbout() throws Exception {
    List<Optional<HeldLock>> rivals = new ArrayList<>();
    boolean changed =
        machine.setUp(
            vf,
            state -> {
              assertThat(state.pci()).isEqualTo(VF);
              rivals.add(tryLock());
              return List.<Change>of();
            });
    assertThat(changed).isFalse();
    rivals.add(tryLock());
    assertThat(rivals).hasSize(2);
    assertThat(rivals.getFirst()).isEmpty();
    assertThat(rivals.getLast()).isPresent();
  }

  private Optional<HeldLock> tryLock() {
    try (NodeLocks locks =
        NodeLocks.open(scratch.resolve("state"), new Polling(WaitClock.SYSTEM))) {
      HeldLock lock = locks.acquire(new LockName.OfPci(VF), Duration.ZERO);
      lock.close();
      return Optional.of(lock);
    } catch (StateException e) {
      return Optional.empty();
    }
  }

  /// Pauses take no time.
  private static final class NoTime implements WaitClock {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void pause(Duration time) {
      now += time.toNanos();
    }
  }
}
