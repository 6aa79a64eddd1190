package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.plugins.linkstate.VfLinkSwitch;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.PciAddress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// VFs that would lose their link because of a bad uplink, on a real PF. That of igb has no link
/// states of VFs.
class VfLinkKernelTest extends VfTest {
  @TempDir Path scratch;

  private VfLinkSwitch links() throws Exception {
    Path state =
        Files.createDirectory(
            scratch.resolve("state"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new VfLinkSwitch(
        NodeEnvironment.ofThisMachine(new PrintStream(OutputStream.nullOutputStream()))
            .withState(state));
  }

  private static PciAddress pci(String pf) throws Exception {
    Path device = Path.of("/sys/class/net", pf, "device").toRealPath();
    return PciAddress.parse(device.getFileName().toString()).orElseThrow();
  }

  @Test
  void igbRefusesInItsOwnWordsAndNothingIsLeft() throws Exception {
    List<String> before = vf("pf0", 0).identity();
    VfLinkSwitch links = links();
    assertThat(links.judge(pci("pf0"), new Orders(true, Set.of(), true)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason()).containsIgnoringCase("not supported"));
    assertThat(vf("pf0", 0).identity()).isEqualTo(before);
    List<PciAddress> left = new ArrayList<>();
    links.forEachPf(left::add);
    assertThat(left).isEmpty();
    assertThat(links.judge(pci("pf0"), Orders.RESTORE)).isEqualTo(new Outcome.Unchanged());
  }

  @Test
  void ofVfsThatKeepTheirLinkNothingIsAsked() throws Exception {
    Set<PciAddress> all =
        Set.of(
            PciAddress.parse(vf("pf0", 0).pci()).orElseThrow(),
            PciAddress.parse(vf("pf0", 1).pci()).orElseThrow());
    assertThat(links().judge(pci("pf0"), new Orders(true, all, true)))
        .isEqualTo(new Outcome.Unchanged());
  }
}
