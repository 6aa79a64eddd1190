package dev.podbond.node.kernel;

import static dev.podbond.node.sysfs.FakeSysfs.pci;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.node.netns.NodeNetns;
import dev.podbond.node.sysfs.FakeSysfs;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.SteppedPace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which driver is unbound from which function, in an artificial sysfs.
class RebindTest {
  private static final String PF = "0000:01:00.0";
  private static final String VF = "0000:01:10.0";
  private static final Change REBIND = new Change.Rebind(new VfRef("pf0", 0, pci(VF)));

  @TempDir Path root;
  private FakeSysfs sysfs;
  private NodeNetns netns;
  private NodeKernel kernel;

  @BeforeEach
  void aVfWithItsDriver() throws IOException {
    sysfs = new FakeSysfs(root).pf(PF, "pf0", 7).vf(PF, 0, VF).driver(VF, "igbvf");
    for (String control : new String[] {"bind", "unbind"}) {
      Files.createFile(driver(control));
    }
    netns = NodeNetns.hostOnly();
    kernel = new NodeKernel(netns, new PciDevices(root), new Polling(new SteppedPace()));
  }

  @AfterEach
  void close() {
    netns.close();
  }

  private Path driver(String control) {
    return root.resolve("bus/pci/drivers/igbvf").resolve(control);
  }

  private ChangeFailedException refused() {
    return catchThrowableOfType(ChangeFailedException.class, () -> kernel.apply(REBIND));
  }

  private void requireUntouched() {
    assertThat(driver("unbind")).isEmptyFile();
    assertThat(driver("bind")).isEmptyFile();
  }

  @Test
  void theVfsOwnDriverLetsGoOfItAndTakesItBack() throws Exception {
    sysfs.netdev(VF, "eth7");
    kernel.apply(REBIND);
    assertThat(driver("unbind")).hasContent(VF);
    assertThat(driver("bind")).hasContent(VF);
  }

  @Test
  void aFunctionThatIsAnotherVfByNowIsLeftAlone() throws IOException {
    Files.move(sysfs.device(PF).resolve("virtfn0"), sysfs.device(PF).resolve("virtfn3"));
    assertThat(refused().reason()).contains("or other VFs than before");
    assertThat(refused().isMissing()).isFalse();
    requireUntouched();
  }

  @Test
  void aVfThatIsGoneNeedsNothing() throws IOException {
    Files.delete(sysfs.device(VF).resolve("physfn"));
    assertThat(refused().isMissing()).isTrue();
    requireUntouched();
  }

  @Test
  void aVfOfWhichNoInterfaceComesIsNotDoneAndWhatToDoIsSaid() {
    assertThat(refused().reason())
        .contains("no network interface within 10 s")
        .endsWith(
            "; as root: echo 0000:01:10.0 > /sys/bus/pci/drivers/igbvf/unbind;"
                + " echo 0000:01:10.0 > /sys/bus/pci/drivers/igbvf/bind");
    assertThat(refused().isMissing()).isFalse();
  }

  @Test
  void aDriverThatDoesNotLetGoIsNamed() throws IOException {
    Files.delete(driver("unbind"));
    assertThat(refused().reason()).contains("its driver igbvf could not be unbound", "as root");
    assertThat(driver("bind")).isEmptyFile();
  }

  @Test
  void aDriverThatDoesNotTakeItBackIsNamed() throws IOException {
    Files.delete(driver("bind"));
    assertThat(refused().reason()).contains("let go of it and does not take it back", "as root");
  }

  /// The process that rebound it was killed between the two halves.
  @Test
  void aVfWithoutADriverGetsItsOwn() throws Exception {
    Files.delete(sysfs.device(VF).resolve("driver"));
    Path probe = Files.createFile(root.resolve("bus/pci/drivers_probe"));
    assertThat(refused().reason()).contains("the kernel has none for it");
    assertThat(probe).hasContent(VF);
    requireUntouched();
  }
}
