package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.MemberSpec.Device;
import dev.podbond.bonding.config.RebindRule;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.PodTraces;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.model.NicFamily;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.model.World;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which VFs are rebound, and that they still come home restored.
class RebindingTest {
  private static final long[] SEEDS = RandomWorlds.seeds(300);
  private static final LinkRef NET1 = LinkRef.pod("net1");
  private static final PciAddress PCI = PciAddress.parse("0000:01:10.0").orElseThrow();
  private static final VfRef VF = new VfRef("pf0", 0, PCI);
  private static final VfConfig NO_WISH = new VfConfig(VfSettings.NONE, Optional.empty());

  private final KernelModel kernel = new KernelModel();

  private static Attachment attach(PciAddress pci, VfConfig vf, KernelModel kernel)
      throws ChangeFailedException {
    SriovConfig config = new SriovConfig("net", pci, vf, Optional.empty(), Optional.empty(), false);
    Attachment record =
        VfPlanner.prepare(
            new AttachmentKey("c1", "net1"),
            "/run/netns/pod",
            JsonObject.of(),
            config,
            kernel.facts());
    new Execution(kernel).run(VfPlanner.attach(pci, vf, NET1, kernel.facts()));
    return record;
  }

  private Attachment attached() throws ChangeFailedException {
    kernel.addPf(new PfFacts("pf0", PCI, true, true, 1500, Optional.empty()));
    kernel.addVf(
        VF, NicFamily.RESETTING, LinkRef.host("pf0v0"), new MacAddress(0x020000000101L), 1500);
    return attach(PCI, NO_WISH, kernel);
  }

  private List<Change> planned(Attachment record, PodTraces traces, RebindRule rule) {
    return changes(Rebinding.of(record, kernel.facts(), traces, rule));
  }

  private static List<Change> changes(Plan plan) {
    return plan.steps().stream().map(Step::change).toList();
  }

  @Test
  void aVfInItsPodIsReboundOnASignAlone() throws ChangeFailedException {
    Attachment record = attached();
    assertThat(planned(record, PodTraces.NONE, RebindRule.ON_SIGN)).isEmpty();
    assertThat(planned(record, PodTraces.OTHER_NAMESPACES, RebindRule.ON_SIGN))
        .containsExactly(new Change.Rebind(VF));
    assertThat(planned(record, PodTraces.GONE, RebindRule.ON_SIGN))
        .containsExactly(new Change.Rebind(VF));
    assertThat(planned(record, PodTraces.NONE, RebindRule.ALWAYS))
        .containsExactly(new Change.Rebind(VF));
  }

  @Test
  void anXdpProgramThatWasNotThereIsASign() throws ChangeFailedException {
    Attachment record = attached();
    kernel.apply(new Change.Tune(NET1, LinkSetting.XDP, "on"));
    assertThat(planned(record, PodTraces.NONE, RebindRule.ON_SIGN))
        .containsExactly(new Change.Rebind(VF));
  }

  @Test
  void aVfThatIsNowhereIsReboundWhateverTheSigns() throws ChangeFailedException {
    Attachment record = attached();
    kernel.hide(NET1);
    assertThat(Rebinding.missing(record, kernel.facts())).containsExactly(PCI);
    assertThat(planned(record, PodTraces.NONE, RebindRule.ON_SIGN))
        .containsExactly(new Change.Rebind(VF));
    assertThat(planned(record.withVfs(List.of()), PodTraces.GONE, RebindRule.ALWAYS)).isEmpty();
  }

  @Test
  void aVfThatUserSpaceDrivesOrWhosePfHasNoInterfaceIsLeftAlone() throws ChangeFailedException {
    kernel.addPf(new PfFacts("pf0", PCI, true, true, 1500, Optional.empty()));
    kernel.addUserspaceVf(VF, NicFamily.RESETTING);
    Attachment record = attach(PCI, NO_WISH, kernel);
    assertThat(planned(record, PodTraces.GONE, RebindRule.ALWAYS)).isEmpty();
    KernelModel other = new KernelModel();
    assertThat(changes(Rebinding.of(record, other.facts(), PodTraces.GONE, RebindRule.ALWAYS)))
        .isEmpty();
  }

  @Test
  void aVfThatWasGivenToUserSpaceMeanwhileIsNotRebound() {
    LinkFixture home = LinkFixture.onHost("pf0v0");
    NodeFacts bound = new FactsBuilder().vf(VfFixture.of("pf0", 0, PCI.toString(), home)).facts();
    NodeFacts given =
        new FactsBuilder()
            .vf(VfFixture.of("pf0", 0, PCI.toString(), home).driver("vfio-pci"))
            .facts();
    assertThat(changes(Rebinding.all(List.of(PCI), bound))).containsExactly(new Change.Rebind(VF));
    assertThat(changes(Rebinding.all(List.of(PCI), given))).isEmpty();
  }

  @Test
  void aVfIsMissingIfItHasADriverAndNoInterfaceThatIsSeen() throws ChangeFailedException {
    Attachment record = attached();
    assertThat(Rebinding.missing(record, kernel.facts())).as("in the pod").isEmpty();
    LinkFixture home = LinkFixture.onHost("pf0v0");
    VfFixture vf = VfFixture.of("pf0", 0, PCI.toString(), home);
    assertThat(Rebinding.missing(record, new FactsBuilder().vf(vf.withoutLink()).facts()))
        .containsExactly(PCI);
    assertThat(Rebinding.missing(record, new FactsBuilder().vf(vf.withoutDriver()).facts()))
        .isEmpty();
  }

  /// A bond's member that is named instead of claimed.
  private static List<Change> plannedForMember(LinkFixture before, LinkFixture now) {
    Attachment record =
        Attachment.prepared(
                new AttachmentKey("c1", "bond0"), "net", "bond", "/run/netns/pod", JsonObject.of())
            .withTaken(
                List.of(SavedLink.of(before.pci(PCI.toString()).facts(1), "net1")), List.of());
    NodeFacts facts = new FactsBuilder().vf(VfFixture.of("pf0", 0, PCI.toString(), now)).facts();
    return changes(Rebinding.of(record, facts, PodTraces.NONE, RebindRule.ALWAYS));
  }

  @Test
  void aMemberTakenFromTheHostByNameIsReboundAsLongAsItIsInThePod() {
    LinkFixture home = LinkFixture.onHost("pf0v0");
    assertThat(plannedForMember(home, LinkFixture.inPod("net1")))
        .containsExactly(new Change.Rebind(VF));
    assertThat(plannedForMember(home, LinkFixture.onHost("pf0v0"))).isEmpty();
    assertThat(plannedForMember(LinkFixture.inPod("net1"), LinkFixture.inPod("net1")))
        .as("for whoever brought it into the pod")
        .isEmpty();
  }

  /// In the pod, hidden by it, and after the pod has gone, whatever was set up with it.
  @Test
  void aReboundVfComesHomeAsItWas() throws ChangeFailedException {
    for (long seed : SEEDS) {
      for (int how = 0; how < 3; how++) {
        World world = RandomWorlds.ofHardware(seed);
        Optional<Device> device =
            world.config().members().stream()
                .filter(Device.class::isInstance)
                .map(Device.class::cast)
                .findFirst();
        if (device.isEmpty()) {
          continue;
        }
        KernelModel one = world.kernel();
        String name = "seed " + seed + ", case " + how;
        List<String> start = one.lastingState();
        Attachment record = attach(device.get().pci(), device.get().vf(), one);
        SavedVf saved = record.vfs().getFirst();
        if (saved.link().isEmpty()) {
          continue;
        }
        if (how == 1) {
          one.hide(NET1);
        } else if (how == 2) {
          one.destroyPod(true);
        }
        Execution execution = new Execution(one);
        Plan plan = Rebinding.of(record, one.facts(), PodTraces.GONE, RebindRule.ON_SIGN);
        assertThat(plan.steps()).as(name).hasSize(1);
        assertThat(execution.runAll(plan)).as(name).isEmpty();
        assertThat(execution.runAll(VfPlanner.restore(saved, one.facts()))).as(name).isEmpty();
        assertThat(one.lastingState()).as(name).isEqualTo(start);
      }
    }
  }
}
