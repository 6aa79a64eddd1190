package dev.podbond.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.node.netns.TwoNamespaces;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.VfCreation;
import dev.podbond.node.sysfs.VfCreationException;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// VFs of an emulated igb, made and changed and taken into a pod.
@Tag("kernel")
class VfKernelTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:77").orElseThrow();

  private TwoNamespaces namespaces;
  private NodeKernel kernel;
  private final PciDevices devices = new PciDevices(Path.of("/sys"));
  private VfDevice vf;

  @BeforeEach
  void makeVfs() throws Exception {
    namespaces = TwoNamespaces.onThisMachine();
    kernel = namespaces.kernel();
    vf = create(2).getFirst();
  }

  @AfterEach
  void close() throws IOException {
    namespaces.close();
  }

  private List<VfDevice> create(int count) throws VfCreationException, IOException {
    return new VfCreation(devices, kernel, _ -> false, new Polling(WaitClock.SYSTEM))
        .create(devices.pf("pf0").orElseThrow().pci(), count);
  }

  private NodeFacts facts() throws IOException {
    return namespaces.observer().observe(FactsRequest.POD.withDevice(vf.pci()));
  }

  private VfFacts vfFacts() throws IOException {
    return facts().vf(vf.pci()).orElseThrow();
  }

  private static VfSettings settings(
      Optional<MacAddress> mac, Optional<VfVlan> vlan, Optional<VfLinkState> state) {
    return VfSettings.NONE
        .with(VfSetting.ADMIN_MAC, mac)
        .with(VfSetting.VLAN, vlan)
        .with(VfSetting.LINK_STATE, state);
  }

  @Test
  void pfsAndTheirVfsAreFound() throws Exception {
    assertThat(devices.pfs()).extracting("name").contains("pf0", "pf1");
    assertThat(devices.pf("pf0").orElseThrow().totalVfs()).isEqualTo(7);
    assertThat(devices.pf("pf0").orElseThrow().numVfs()).isEqualTo(2);
    assertThat(vf.ref().index()).isZero();
    assertThat(vf.driver()).contains("igbvf");
    assertThat(vf.hostName()).isPresent();
  }

  @Test
  void aVfInAPodIsKnownWithItsPf() throws Exception {
    LinkRef home = LinkRef.host(vf.hostName().orElseThrow());
    LinkRef inPod = LinkRef.pod("net1");
    kernel.apply(new Change.SetAdminState(home, false));
    kernel.apply(new Change.Move(home, inPod));
    // The request does not name the device: we find it through the pod's link alone.
    NodeFacts facts = namespaces.observer().observe(FactsRequest.POD);
    VfFacts found = facts.vfOf(facts.link(inPod.place(), "net1").orElseThrow()).orElseThrow();
    assertThat(found.ref()).isEqualTo(vf.ref());
    assertThat(found.link()).contains(inPod);
    assertThat(found.pf().name()).isEqualTo("pf0");
    assertThat(found.pf().pci()).isEqualTo(devices.pf("pf0").orElseThrow().pci());
    assertThat(found.pf().up()).isTrue();
    assertThat(found.driver()).contains("igbvf");
    VfCreationException refused = catchThrowableOfType(VfCreationException.class, () -> create(3));
    assertThat(refused).hasMessageContaining("in use: " + vf.ref());
    kernel.apply(new Change.Move(inPod, home));
    assertThat(vfFacts().link()).contains(home);
  }

  @Test
  void settingsThroughThePfAreReadBack() throws Exception {
    // igb accepts a rate only while the PF has a link whose bandwidth it can share
    // (igb_ndo_set_vf_bw).
    assertThat(
            new Polling(WaitClock.SYSTEM)
                .until(() -> vfFacts().pf().carrier(), Duration.ofSeconds(30)))
        .isTrue();
    VfSettings before = vfFacts().pfSide();
    VfSettings wanted =
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, MAC)
            .with(VfSetting.VLAN, new VfVlan(42, 3, VlanProtocol.DOT1Q))
            .with(VfSetting.MAX_TX_RATE_MBPS, 100)
            .with(VfSetting.SPOOF_CHECK, !before.spoofCheck().orElseThrow())
            .with(VfSetting.TRUST, !before.trust().orElseThrow());
    kernel.apply(new Change.SetVf(vf.ref(), wanted));
    VfSettings found = vfFacts().pfSide();
    assertThat(found.adminMac()).isEqualTo(wanted.adminMac());
    assertThat(found.vlan()).isEqualTo(wanted.vlan());
    assertThat(found.spoofCheck()).isEqualTo(wanted.spoofCheck());
    assertThat(found.trust()).isEqualTo(wanted.trust());
    kernel.apply(
        new Change.SetVf(
            vf.ref(),
            VfSettings.NONE
                .with(VfSetting.ADMIN_MAC, before.adminMac())
                .with(VfSetting.VLAN, before.vlan())
                .with(VfSetting.MAX_TX_RATE_MBPS, 0)
                .with(VfSetting.SPOOF_CHECK, before.spoofCheck())
                .with(VfSetting.TRUST, before.trust())));
    assertThat(vfFacts().pfSide().vlan()).isEqualTo(before.vlan());
  }

  @Test
  void aSettingThatTheDriverRefusesTakesThoseBeforeItBack() throws Exception {
    VfSettings before = vfFacts().pfSide();
    VfSettings wanted =
        settings(
            Optional.of(MAC),
            Optional.of(new VfVlan(42, 0, VlanProtocol.DOT1Q)),
            Optional.of(VfLinkState.ENABLE));
    ChangeFailedException refused =
        catchThrowableOfType(
            ChangeFailedException.class, () -> kernel.apply(new Change.SetVf(vf.ref(), wanted)));
    assertThat(refused.errno()).isEqualTo("EOPNOTSUPP");
    assertThat(refused.reason()).doesNotContain("could not be put back");
    assertThat(vfFacts().pfSide()).isEqualTo(before);
  }

  @Test
  void aVfIsWhereItsAddressSaysWhateverElseWasPlanned() throws Exception {
    VfSettings wanted = settings(Optional.of(MAC), Optional.empty(), Optional.empty());
    kernel.apply(new Change.SetVf(new VfRef("pf1", 1, vf.pci()), wanted));
    assertThat(vfFacts().pfSide().adminMac()).contains(MAC);
    assertThat(facts().vf(vf.pci()).orElseThrow().ref()).isEqualTo(vf.ref());
  }

  @Test
  void aVfThatIsGoneIsGoneAndNotAnothersOne() throws Exception {
    VfDevice before = vf;
    assertThat(create(0)).isEmpty();
    ChangeFailedException refused =
        catchThrowableOfType(
            ChangeFailedException.class,
            () ->
                kernel.apply(
                    new Change.SetVf(
                        before.ref(),
                        settings(Optional.of(MAC), Optional.empty(), Optional.empty()))));
    assertThat(refused.isMissing()).isTrue();
    assertThat(refused.reason()).isEqualTo("there is no VF at " + before.pci() + " any more");
  }

  @Test
  void theNumberOfVfsIsChangedByWayOfNone() throws Exception {
    assertThat(create(3)).hasSize(3).allSatisfy(made -> assertThat(made.hostName()).isPresent());
    assertThat(create(3)).hasSize(3);
    assertThat(create(0)).isEmpty();
  }
}
