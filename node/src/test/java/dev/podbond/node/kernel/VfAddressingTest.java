package dev.podbond.node.kernel;

import static dev.podbond.node.sysfs.FakeSysfs.pci;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.node.netns.NodeNetns;
import dev.podbond.node.sysfs.FakeSysfs;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which interface a VF's setting is sent to, whatever the plan called it. The sysfs is artificial;
/// the kernel is this machine's, which has no such PF.
class VfAddressingTest {
  private static final String PF = "0000:01:00.0";
  private static final String VF = "0000:01:10.0";
  private static final Change PLANNED =
      new Change.SetVf(new VfRef("pf0", 0, pci(VF)), VfSettings.NONE);

  @TempDir Path root;
  private FakeSysfs sysfs;
  private NodeNetns netns;
  private NodeKernel kernel;

  @BeforeEach
  void onePfWithOneVf() throws IOException {
    sysfs = new FakeSysfs(root).pf(PF, "pf0", 7).vf(PF, 0, VF);
    netns = NodeNetns.hostOnly();
    kernel = new NodeKernel(netns, new PciDevices(root), new Polling(WaitClock.SYSTEM));
  }

  @AfterEach
  void close() {
    netns.close();
  }

  private ChangeFailedException refused() {
    return catchThrowableOfType(ChangeFailedException.class, () -> kernel.apply(PLANNED));
  }

  @Test
  void thePfIsFoundByPhysfnAndItsIndexWhenTheChangeIsMade() {
    sysfs.renamed(PF, "pf0", "ens9f0");
    // It has the index of this machine's lo. We ask lo, which is not the PF, so pf0 plays no role.
    assertThat(refused().reason()).isEqualTo("lo has the interface index of its PF ens9f0 by now");
    assertThat(refused().isMissing()).isFalse();
  }

  @Test
  void aPfWithoutAnInterfaceIsLeftOverAndNotGone() throws IOException {
    Files.delete(sysfs.device(PF).resolve("net/pf0/ifindex"));
    assertThat(refused().reason())
        .contains("the PF of " + VF + " has no network interface on the host now");
    assertThat(refused().isMissing()).isFalse();
    assertThat(refused().isBusy()).isFalse();
  }

  @Test
  void aVfWhosePciFunctionIsGoneIsGone() throws IOException {
    Files.delete(sysfs.device(VF).resolve("physfn"));
    assertThat(refused().reason()).isEqualTo("there is no VF at " + VF + " any more");
    assertThat(refused().isMissing()).isTrue();
  }
}
