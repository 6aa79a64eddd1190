package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.check.Comparison;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.check.TuningComparison;
import dev.podbond.bonding.config.MemberSpec.Device;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.model.FaultyKernel;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.model.NicFamily;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.model.World;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A VF comes back restored, whatever happened to it: the first device of random worlds, attached
/// by itself as the sriov plugin does.
class VfLifeTest {
  private static final long[] SEEDS = RandomWorlds.seeds(300);
  private static final LinkRef NET1 = LinkRef.pod("net1");
  private static final AttachmentKey KEY = new AttachmentKey("c1", "net1");

  /// One VF on its way into a pod.
  private record Case(KernelModel kernel, Device device) {
    static Optional<Case> of(long seed) {
      World world = RandomWorlds.ofHardware(seed);
      return world.config().members().stream()
          .filter(Device.class::isInstance)
          .map(Device.class::cast)
          .findFirst()
          .map(device -> new Case(world.kernel(), device));
    }

    Attachment prepared() {
      SriovConfig config =
          new SriovConfig(
              "net", device.pci(), device.vf(), Optional.empty(), Optional.empty(), false);
      return VfPlanner.prepare(KEY, "/run/netns/pod", JsonObject.of(), config, kernel.facts());
    }

    Plan plan() {
      return VfPlanner.attach(device.pci(), device.vf(), NET1, kernel.facts());
    }

    void assertRestores(Attachment attachment, List<String> start, String name) {
      SavedVf saved = attachment.vfs().getFirst();
      assertThat(new Execution(kernel).runAll(VfPlanner.restore(saved, kernel.facts())))
          .as(name)
          .isEmpty();
      assertThat(kernel.state()).as(name).isEqualTo(start);
      assertThat(VfPlanner.restore(saved, kernel.facts()).steps()).as(name).isEmpty();
    }
  }

  @Test
  void attachesWhatWasAskedForAndRestoresWhatWas() throws ChangeFailedException {
    for (long seed : SEEDS) {
      Optional<Case> made = Case.of(seed);
      if (made.isEmpty()) {
        continue;
      }
      Case one = made.get();
      List<String> start = one.kernel().state();
      Attachment prepared = one.prepared();
      new Execution(one.kernel()).run(one.plan());
      NodeFacts facts = one.kernel().facts();
      assertThat(Comparison.differences(Expectation.ofVf(prepared), facts))
          .as("seed %d", seed)
          .isEmpty();
      Optional<MacAddress> mac = one.device().vf().mac();
      if (mac.isPresent()) {
        VfFacts vf = facts.vf(one.device().pci()).orElseThrow();
        assertThat(vf.pfSide().adminMac()).as("seed %d", seed).isEqualTo(mac);
        assertThat(facts.link(NET1.place(), "net1").orElseThrow().mac()).isEqualTo(mac);
      }
      one.assertRestores(prepared, start, "seed " + seed);
    }
  }

  @Test
  void undoAndTheRecordBothBringBackAVfFromEveryPointOfItsWay() throws ChangeFailedException {
    for (long seed : SEEDS) {
      if (Case.of(seed).isEmpty()) {
        continue;
      }
      int changes = Case.of(seed).orElseThrow().plan().steps().size();
      for (int failing = 0; failing < changes; failing++) {
        String name = "seed " + seed + ", change " + failing;
        Case undone = Case.of(seed).orElseThrow();
        List<String> start = undone.kernel().state();
        Execution execution = new Execution(FaultyKernel.failingAfter(failing, undone.kernel()));
        Plan plan = undone.plan();
        assertThatThrownBy(() -> execution.run(plan)).isInstanceOf(ChangeFailedException.class);
        assertThat(execution.undo()).as(name).isEmpty();
        assertThat(undone.kernel().state()).as(name).isEqualTo(start);

        Case killed = Case.of(seed).orElseThrow();
        Attachment prepared = killed.prepared();
        kill(FaultyKernel.killedAfter(failing, killed.kernel()), killed.plan());
        killed.assertRestores(prepared, start, name);

        Case orphan = Case.of(seed).orElseThrow();
        kill(FaultyKernel.killedAfter(failing, orphan.kernel()), orphan.plan());
        List<String> lasting = Case.of(seed).orElseThrow().kernel().lastingState();
        orphan.kernel().destroyPod(true);
        new Execution(orphan.kernel())
            .runAll(VfPlanner.restore(prepared.vfs().getFirst(), orphan.kernel().facts()));
        assertThat(orphan.kernel().lastingState()).as(name).isEqualTo(lasting);
      }
    }
  }

  private static void kill(Kernel kernel, Plan plan) throws ChangeFailedException {
    try {
      new Execution(kernel).run(plan);
    } catch (FaultyKernel.Killed _) {
      // as meant
    }
  }

  /// Its PF holds a MAC for it that its driver has not adopted yet, and would refuse the old one.
  @Test
  void aVfThatLaggedBehindItsPfComesBackWithThePfsMac() throws ChangeFailedException {
    PciAddress pci = PciAddress.parse("0000:01:10.0").orElseThrow();
    VfRef ref = new VfRef("pf0", 0, pci);
    LinkRef home = LinkRef.host("eth0");
    MacAddress held = MacAddress.parse("02:00:00:00:00:01").orElseThrow();
    KernelModel kernel = new KernelModel();
    kernel.addPf(new PfFacts("pf0", pci, true, true, 1500, Optional.empty()));
    MacAddress own = MacAddress.parse("02:00:00:00:00:02").orElseThrow();
    kernel.addVf(ref, NicFamily.IGB, home, own, 1500);
    kernel.apply(new Change.SetVf(ref, VfSteps.adminMac(held)));
    MacAddress asked = MacAddress.parse("02:00:00:00:00:03").orElseThrow();
    VfConfig vf = new VfConfig(VfSteps.adminMac(asked), Optional.of(asked));
    SriovConfig config = new SriovConfig("net", pci, vf, Optional.empty(), Optional.empty(), false);

    Attachment prepared =
        VfPlanner.prepare(KEY, "/run/netns/pod", JsonObject.of(), config, kernel.facts());
    Plan plan = VfPlanner.attach(pci, vf, NET1, kernel.facts());
    new Execution(kernel).run(plan);
    SavedVf saved = prepared.vfs().getFirst();
    assertThat(new Execution(kernel).runAll(VfPlanner.restore(saved, kernel.facts()))).isEmpty();
    assertThat(kernel.facts().link(home.place(), "eth0").orElseThrow().mac()).contains(held);
    assertThat(VfPlanner.restore(saved, kernel.facts()).steps()).isEmpty();

    Execution execution = new Execution(FaultyKernel.failingAfter(plan.steps().size() - 1, kernel));
    assertThatThrownBy(() -> execution.run(plan)).isInstanceOf(ChangeFailedException.class);
    assertThat(execution.undo()).isEmpty();
  }

  /// Two VFs of two PFs that exchange their names while the first is in a pod.
  @Test
  void whatIsSetBackIsSetOnThePfThatTheVfHasNow() throws ChangeFailedException {
    KernelModel kernel = new KernelModel();
    PciAddress first = vfOf(kernel, "pf0", "0000:01:10.0");
    PciAddress second = vfOf(kernel, "pf1", "0000:02:10.0");
    VfSettings foreign = vlan(200);
    kernel.apply(new Change.SetVf(new VfRef("pf1", 0, second), foreign));
    List<String> start = kernel.state();
    SavedVf saved = attachedWith(vlan(100), first, kernel);
    kernel.renamePfs(Map.of("pf0", "pf1", "pf1", "pf0"));

    Plan restore = VfPlanner.restore(saved, kernel.facts());
    assertThat(restore.steps())
        .extracting(Step::change)
        .contains(new Change.SetVf(new VfRef("pf1", 0, first), vlan(0)));
    assertThat(new Execution(kernel).runAll(restore)).isEmpty();
    kernel.renamePfs(Map.of("pf0", "pf1", "pf1", "pf0"));
    assertThat(kernel.state()).isEqualTo(start);
  }

  @Test
  void aVfWhosePfHasNoInterfaceIsLeftOverUntilItHas() throws ChangeFailedException {
    KernelModel kernel = new KernelModel();
    PciAddress pci = vfOf(kernel, "pf0", "0000:01:10.0");
    List<String> start = kernel.state();
    SavedVf saved = attachedWith(vlan(100), pci, kernel);
    kernel.removePf("pf0");
    assertThat(new Execution(kernel).runAll(VfPlanner.restore(saved, kernel.facts())))
        .extracting(failure -> failure.change().toString())
        .containsExactly("set VLAN 0 on VF 0 (0000:01:10.0) of PF pf0");
    kernel.addPf(new PfFacts("pf0", pci, true, true, 1500, Optional.empty()));
    assertThat(new Execution(kernel).runAll(VfPlanner.restore(saved, kernel.facts()))).isEmpty();
    assertThat(kernel.state()).isEqualTo(start);
  }

  /// What a tenant may do to a link, with one example for every kind of value.
  private static void mistreat(String name, KernelModel kernel) throws ChangeFailedException {
    LinkRef link = LinkRef.pod(name);
    kernel.apply(new Change.Tune(link, LinkSetting.ARP, "off"));
    kernel.apply(new Change.Tune(link, LinkSetting.MULTICAST, "off"));
    kernel.apply(new Change.Tune(link, LinkSetting.PROMISC, "on"));
    kernel.apply(new Change.Tune(link, LinkSetting.TX_QUEUE_LENGTH, "1"));
    kernel.apply(new Change.Tune(link, LinkSetting.ALIAS, "mine"));
    kernel.apply(new Change.Tune(link, LinkSetting.XDP, "on"));
    kernel.apply(new Change.AddAltName(link, "eth0"));
  }

  @Test
  void whatATenantSetOnItIsGoneForTheNext() throws ChangeFailedException {
    for (boolean vanishes : new boolean[] {false, true}) {
      KernelModel kernel = new KernelModel();
      PciAddress pci = vfOf(kernel, "pf0", "0000:01:10.0");
      List<String> start = kernel.state();
      SavedVf saved = attachedWith(VfSettings.NONE, pci, kernel);
      mistreat("net1", kernel);
      if (vanishes) {
        kernel.destroyPod(true);
      }
      assertThat(new Execution(kernel).runAll(VfPlanner.restore(saved, kernel.facts()))).isEmpty();
      assertThat(kernel.state()).as("namespace gone: %s", vanishes).isEqualTo(start);
      assertThat(VfPlanner.restore(saved, kernel.facts()).steps()).isEmpty();
    }
  }

  @Test
  void howTheHostTunedItComesBackAndItsOwnXdpProgramIsItsOwn() throws ChangeFailedException {
    KernelModel kernel = new KernelModel();
    PciAddress pci = vfOf(kernel, "pf0", "0000:01:10.0");
    kernel.apply(new Change.Tune(LinkRef.host("pf0v0"), LinkSetting.TX_QUEUE_LENGTH, "5000"));
    kernel.apply(new Change.Tune(LinkRef.host("pf0v0"), LinkSetting.XDP, "on"));
    kernel.apply(new Change.AddAltName(LinkRef.host("pf0v0"), "storage"));
    List<String> start = kernel.state();
    SavedVf saved = attachedWith(VfSettings.NONE, pci, kernel);
    kernel.apply(new Change.Tune(NET1, LinkSetting.TX_QUEUE_LENGTH, "1"));
    assertThat(new Execution(kernel).runAll(VfPlanner.restore(saved, kernel.facts()))).isEmpty();
    assertThat(kernel.state()).isEqualTo(start);

    kernel.apply(new Change.Tune(LinkRef.host("pf0v0"), LinkSetting.XDP, "off"));
    assertThat(VfPlanner.restore(saved, kernel.facts()).steps()).isEmpty();
  }

  @Test
  void checkSaysWhatATenantSetAndWhatOfItCutsTheLinkOff() throws ChangeFailedException {
    KernelModel kernel = new KernelModel();
    PciAddress pci = vfOf(kernel, "pf0", "0000:01:10.0");
    VfConfig vf = new VfConfig(VfSettings.NONE, Optional.empty());
    SriovConfig config = new SriovConfig("net", pci, vf, Optional.empty(), Optional.empty(), false);
    Attachment record =
        VfPlanner.prepare(KEY, "/run/netns/pod", JsonObject.of(), config, kernel.facts());
    new Execution(kernel).run(VfPlanner.attach(pci, vf, NET1, kernel.facts()));
    assertThat(TuningComparison.differences(record, kernel.facts())).isEmpty();
    assertThat(TuningComparison.remarks(record, kernel.facts())).isEmpty();

    mistreat("net1", kernel);

    assertThat(TuningComparison.differences(record, kernel.facts()))
        .extracting(Object::toString)
        .containsExactly(
            "net1 in the pod: arp should be on, found off",
            "net1 in the pod: multicast should be on, found off");
    assertThat(TuningComparison.remarks(record, kernel.facts()))
        .extracting(Object::toString)
        .containsExactly(
            "net1 in the pod: promisc should be off, found on",
            "net1 in the pod: txqueuelen should be 1000, found 1",
            "net1 in the pod: alias should be nothing, found mine",
            "net1 in the pod: xdp should be off, found on");
  }

  private static PciAddress vfOf(KernelModel kernel, String pf, String address) {
    PciAddress pci = PciAddress.parse(address).orElseThrow();
    kernel.addPf(new PfFacts(pf, pci, true, true, 1500, Optional.empty()));
    MacAddress mac = new MacAddress(0x020000000100L + pci.bus());
    kernel.addVf(new VfRef(pf, 0, pci), NicFamily.RESETTING, LinkRef.host(pf + "v0"), mac, 1500);
    return pci;
  }

  private static VfSettings vlan(int id) {
    return VfSettings.NONE.with(VfSetting.VLAN, new VfVlan(id, 0, VlanProtocol.DOT1Q));
  }

  private static SavedVf attachedWith(VfSettings settings, PciAddress pci, KernelModel kernel)
      throws ChangeFailedException {
    VfConfig vf = new VfConfig(settings, Optional.empty());
    SriovConfig config = new SriovConfig("net", pci, vf, Optional.empty(), Optional.empty(), false);
    Attachment prepared =
        VfPlanner.prepare(KEY, "/run/netns/pod", JsonObject.of(), config, kernel.facts());
    new Execution(kernel).run(VfPlanner.attach(pci, vf, NET1, kernel.facts()));
    return prepared.vfs().getFirst();
  }

  @Test
  void aVfThatUserSpaceDrivesIsOnlySetUpThroughItsPf() throws ChangeFailedException {
    KernelModel kernel = new KernelModel();
    PciAddress pci = PciAddress.parse("0000:01:10.1").orElseThrow();
    VfRef ref = new VfRef("pf0", 0, pci);
    kernel.addPf(new PfFacts("pf0", pci, true, true, 1500, Optional.empty()));
    kernel.addUserspaceVf(ref, NicFamily.RESETTING);
    List<String> start = kernel.state();
    MacAddress mac = MacAddress.parse("02:00:00:00:00:07").orElseThrow();
    VfSettings settings =
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, mac)
            .with(VfSetting.VLAN, new VfVlan(5, 0, VlanProtocol.DOT1Q))
            .with(VfSetting.TRUST, true);
    SriovConfig config =
        new SriovConfig(
            "net",
            pci,
            new VfConfig(settings, Optional.of(mac)),
            Optional.empty(),
            Optional.empty(),
            false);
    Attachment prepared =
        VfPlanner.prepare(KEY, "/run/netns/pod", JsonObject.of(), config, kernel.facts());
    new Execution(kernel).run(VfPlanner.attach(pci, config.vf(), NET1, kernel.facts()));
    assertThat(kernel.state())
        .hasSize(1)
        .first()
        .asString()
        .contains("VLAN 5", "trust on", "" + mac);
    assertThat(Comparison.differences(Expectation.ofVf(prepared), kernel.facts())).isEmpty();
    new Execution(kernel).runAll(VfPlanner.restore(prepared.vfs().getFirst(), kernel.facts()));
    assertThat(kernel.state()).isEqualTo(start);
  }
}
