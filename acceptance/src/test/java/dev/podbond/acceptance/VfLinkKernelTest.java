package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.plugins.linkstate.VfLinkSwitch;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// VFs that would lose their link because of a bad uplink, on a real PF. That of igb has no link
/// states of VFs: what a driver says that has some, a kernel in between says here.
class VfLinkKernelTest extends VfTest {
  private Vf vf;
  private List<String> before;

  @BeforeEach
  void lookAtVf() throws Exception {
    vf = vf("pf0", 0);
    before = vf.identity();
  }

  private static boolean isLinkState(Change change) {
    return change instanceof Change.SetVf set && set.settings().linkState().isPresent();
  }

  /// A driver that says done and goes on reporting what was.
  private static Kernel mute(Kernel kernel) {
    return change -> {
      if (!isLinkState(change)) {
        kernel.apply(change);
      }
    };
  }

  /// The process is gone.
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static Kernel killing(Kernel kernel) {
    return change -> {
      if (isLinkState(change)) {
        throw new Killed();
      }
      kernel.apply(change);
    };
  }

  private static VfLinkSwitch links(Node node) {
    return new VfLinkSwitch(node.forPlugins(new PrintStream(OutputStream.nullOutputStream())));
  }

  private static PciAddress pci(String pf) throws Exception {
    Path device = Path.of("/sys/class/net", pf, "device").toRealPath();
    return PciAddress.parse(device.getFileName().toString()).orElseThrow();
  }

  private PciAddress vfPci() {
    return PciAddress.parse(vf.pci()).orElseThrow();
  }

  private PluginCall sriov() {
    return node.sriov(pod, "net1", Network.sriov(vf.pci(), ""));
  }

  /// What an agent orders that knows of the VF alone.
  private Orders bad() {
    return new Orders(
        true,
        true,
        new AttachedVfs(Map.of(vfPci(), new AttachmentKey(pod.name(), "net1")), Set.of()),
        Set.of());
  }

  private boolean isWritten() throws Exception {
    return node.state().keySet().stream().anyMatch(name -> name.startsWith("vflinkstate/"));
  }

  private void requireAsBefore() throws Exception {
    Eventually.is("the VF is home", vf::isHome);
    assertThat(vf.identity()).isEqualTo(before);
    assertThat(node.state()).isEmpty();
  }

  @Test
  void igbRefusesInItsOwnWordsAndNothingIsLeft() throws Exception {
    sriov().add().ok();
    assertThat(links(node).judge(pci("pf0"), bad()).refusal().orElseThrow())
        .containsIgnoringCase("not supported");
    assertThat(isWritten()).isFalse();
    assertThat(links(node).judge(pci("pf0"), Orders.RESTORE))
        .isEqualTo(VfLinkSwitch.Outcome.UNCHANGED);
    sriov().del().ok();
    requireAsBefore();
  }

  @Test
  void ofVfsThatNobodyHasNothingIsAskedAndNothingWritten() throws Exception {
    VfLinkSwitch.Outcome outcome =
        links(node.withKernel(VfLinkKernelTest::killing)).judge(pci("pf0"), bad());
    assertThat(outcome).isEqualTo(VfLinkSwitch.Outcome.UNCHANGED);
    assertThat(node.state()).isEmpty();
  }

  @Test
  void aMemberOfABondThatTheAgentHasNotSeenKeepsItsLink() throws Exception {
    for (PluginCall call : twoVfs("'trust': 'on'")) {
      call.add().ok();
    }
    PluginCall bond = bond("");
    bond.add().ok();
    assertThat(links(node.withKernel(VfLinkKernelTest::killing)).judge(pci("pf0"), bad()))
        .isEqualTo(VfLinkSwitch.Outcome.UNCHANGED);
    assertThat(isWritten()).isFalse();
    bond.del().ok();
    for (PluginCall call : twoVfs("'trust': 'on'")) {
      call.del().ok();
    }
    requireAsBefore();
  }

  @Test
  void aDriverThatDoesNotReportWhatItTookIsAskedOnce() throws Exception {
    sriov().add().ok();
    VfLinkSwitch.Outcome outcome =
        links(node.withKernel(VfLinkKernelTest::mute)).judge(pci("pf0"), bad());
    assertThat(outcome.refusal().orElseThrow()).contains("reports auto");
    assertThat(outcome.restored()).hasSize(1);
    assertThat(isWritten()).isFalse();
    sriov().del().ok();
    requireAsBefore();
  }

  @Test
  void whoIsKilledBetweenFileAndChangeLeavesNothingForEver() throws Exception {
    Outcome added = sriov().add().ok();
    assertThatThrownBy(
            () -> links(node.withKernel(VfLinkKernelTest::killing)).judge(pci("pf0"), bad()))
        .isInstanceOf(Killed.class);
    assertThat(isWritten()).isTrue();
    sriov().check(added).ok();
    VfLinkSwitch.Outcome outcome = links(node).judge(pci("pf0"), Orders.RESTORE);
    assertThat(outcome.notRestored()).isEmpty();
    assertThat(isWritten()).isFalse();

    assertThatThrownBy(
            () -> links(node.withKernel(VfLinkKernelTest::killing)).judge(pci("pf0"), bad()))
        .isInstanceOf(Killed.class);
    assertThat(isWritten()).isTrue();
    sriov().del().ok();
    requireAsBefore();
  }
}
