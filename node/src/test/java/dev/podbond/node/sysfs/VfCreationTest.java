package dev.podbond.node.sysfs;

import static dev.podbond.node.sysfs.FakeSysfs.pci;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.SteppedPace;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VfCreationTest {
  private static final String PF = "0000:01:00.0";
  private static final String VF = "0000:01:10.0";

  @TempDir Path root;
  private final List<Change> changes = new ArrayList<>();
  private final Set<PciAddress> claimed = new HashSet<>();
  private final SteppedPace pace = new SteppedPace();
  private FakeSysfs sysfs;
  private VfCreation creation;

  @BeforeEach
  void onePf() {
    sysfs = new FakeSysfs(root).pf(PF, "pf0", 7);
    creation =
        new VfCreation(new PciDevices(root), changes::add, claimed::contains, new Polling(pace));
  }

  private String numVfs() throws IOException {
    return Files.readString(sysfs.device(PF).resolve("sriov_numvfs"));
  }

  private void has(int numVfs) throws IOException {
    Files.writeString(sysfs.device(PF).resolve("sriov_numvfs"), numVfs + "\n");
  }

  @Test
  void thePfIsSetUpBeforeItsVfsAreMade() throws Exception {
    sysfs.vf(PF, 0, VF).driver(VF, "igbvf").netdev(VF, "v0");
    assertThat(creation.create(pci(PF), 1)).extracting(VfDevice::pci).containsExactly(pci(VF));
    assertThat(changes).containsExactly(new Change.SetAdminState(LinkRef.host("pf0"), true));
    assertThat(numVfs()).isEqualTo("1");
  }

  @Test
  void nothingIsTouchedWhenTheNumberIsRight() throws Exception {
    has(1);
    sysfs.vf(PF, 0, VF);
    claimed.add(pci(VF));
    assertThat(creation.create(pci(PF), 1)).hasSize(1);
    assertThat(changes).isEmpty();
  }

  @Test
  void noneAreMadeWhileOneIsClaimed() throws Exception {
    has(1);
    sysfs.vf(PF, 0, VF).driver(VF, "igbvf").netdev(VF, "v0");
    claimed.add(pci(VF));
    assertThatThrownBy(() -> creation.create(pci(PF), 3))
        .isInstanceOf(VfCreationException.class)
        .hasMessage(
            "cannot change PF pf0 (0000:01:00.0) from 1 to 3 VFs: that deletes all of them, and"
                + " these are in use: VF 0 (0000:01:10.0) of PF pf0; delete the pods that have"
                + " them first");
    assertThat(numVfs()).isEqualTo("1\n");
  }

  @Test
  void noneAreMadeWhileTheInterfaceOfOneIsInSomePod() throws Exception {
    has(1);
    sysfs.vf(PF, 0, VF).driver(VF, "igbvf");
    assertThatThrownBy(() -> creation.create(pci(PF), 0)).hasMessageContaining("in use: VF 0");
  }

  @Test
  void moreThanTheHardwareOffersIsRefused() {
    assertThatThrownBy(() -> creation.create(pci(PF), 8)).hasMessageContaining("it offers 0 to 7");
  }

  @Test
  void anUnknownPfIsRefused() {
    assertThatThrownBy(() -> creation.create(pci("0000:09:00.0"), 1))
        .hasMessageContaining("0000:09:00.0: there is no PF with a network interface");
  }

  @Test
  void aPfThatCannotBeSetUpGetsNoVfs() throws Exception {
    VfCreation refused =
        new VfCreation(
            new PciDevices(root),
            change -> {
              throw new ChangeFailedException(change, "EPERM", "operation not permitted");
            },
            _ -> false,
            new Polling(pace));
    assertThatThrownBy(() -> refused.create(pci(PF), 1))
        .hasMessageContaining("set pf0 on the host up");
    assertThat(numVfs()).isEqualTo("0\n");
  }

  @Test
  void vfsThatNeverAppearAreReportedAfterTenSeconds() {
    assertThatThrownBy(() -> creation.create(pci(PF), 1))
        .hasMessageContaining("after 10 s not all of them have a network interface");
    assertThat(pace.pauses().stream().mapToLong(java.time.Duration::toMillis).sum())
        .isEqualTo(10_000);
  }
}
