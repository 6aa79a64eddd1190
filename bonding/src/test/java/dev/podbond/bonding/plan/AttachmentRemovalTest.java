package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.model.World;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// What is removed, and what is left alone.
class AttachmentRemovalTest {
  private static final MacAddress MAC = new MacAddress(0x02000000ee00L);
  private static final BondNames NAMES = new BondNames("bond0", Optional.of("net9"));

  private final KernelModel kernel = new KernelModel();

  private void apply(Change... changes) throws ChangeFailedException {
    for (Change change : changes) {
      kernel.apply(change);
    }
  }

  private void bond(String name, String... members) throws ChangeFailedException {
    BondOptions options = new BondOptions(Map.of(BondOption.MODE, new OptionValue.Number(1)));
    LinkRef bond = LinkRef.pod(name);
    apply(new Change.CreateBond(bond, options, Optional.empty(), OptionalInt.empty()));
    for (String member : members) {
      LinkRef ref = LinkRef.pod(member);
      kernel.addLink(ref, "dummy", new MacAddress(MAC.bits() + member.hashCode()), 1500, false);
      apply(new Change.Enslave(ref, bond));
    }
  }

  private static List<String> lines(Plan plan) {
    return plan.steps().stream().map(step -> step.change().toString()).toList();
  }

  @Test
  void aBondWithoutARecordGoesIfAllItsMembersAreConfigured() throws ChangeFailedException {
    bond("net9", "net1", "net2");
    assertThat(
            lines(
                AttachmentRemoval.unrecorded(NAMES, List.of("net1", "net2"), true, kernel.facts())))
        .containsExactly("delete bond net9 in the pod");
    assertThat(
            lines(
                AttachmentRemoval.unrecorded(
                    NAMES, List.of("net1", "net2"), false, kernel.facts())))
        .containsExactly(
            "delete bond net9 in the pod",
            "move net1 in the pod to net1 on the host",
            "move net2 in the pod to net2 on the host");
  }

  @Test
  void aBondWithoutARecordStaysIfItHasAForeignMember() throws ChangeFailedException {
    bond("bond0", "net1", "other");
    assertThat(
            AttachmentRemoval.unrecorded(NAMES, List.of("net1", "net2"), true, kernel.facts())
                .steps())
        .isEmpty();
  }

  /// A refused ADD took nothing from the host, and its DEL takes nothing from the pod.
  @Test
  void withoutRecordAndBondWhatHasAMembersNameIsThePodsOwn() {
    kernel.addLink(LinkRef.pod("net1"), "dummy", MAC, 1500, true);
    assertThat(
            AttachmentRemoval.unrecorded(NAMES, List.of("net1", "net2"), false, kernel.facts())
                .steps())
        .isEmpty();
  }

  @Test
  void aLinkOfAnotherKindIsNeverTakenForTheBond() throws ChangeFailedException {
    kernel.addLink(LinkRef.pod("bond0"), "veth", MAC, 1500, true);
    assertThat(
            AttachmentRemoval.unrecorded(NAMES, List.of("net1", "net2"), true, kernel.facts())
                .steps())
        .isEmpty();

    World world = RandomWorlds.of(1);
    Attachment attachment = world.add(new Execution(world.kernel()));
    LinkRef bond = LinkRef.pod(world.names().name());
    world.kernel().apply(new Change.DeleteLink(bond, "bond"));
    world.kernel().addLink(bond, "veth", MAC, 1500, true);
    world.remove(attachment);
    assertThat(world.kernel().facts().link(Place.POD, bond.name())).isPresent();
  }

  @Test
  void aMemberWhoseNameIsTakenAtHomeGetsAFreeOneLikeItAndAllElseBack()
      throws ChangeFailedException {
    World world = RandomWorlds.ofHardware(deviceFirst());
    Attachment attachment = world.add(new Execution(world.kernel()));
    String home = attachment.vfs().getFirst().link().orElseThrow().home().name();
    world.kernel().addLink(LinkRef.host(home), "dummy", MAC, 1500, true);
    assertThat(world.remove(attachment)).isEmpty();
    assertThat(world.kernel().facts().link(Place.HOST, home + "_1").orElseThrow().pci())
        .contains(attachment.vfs().getFirst().pci());
    assertThat(world.kernel().facts().link(Place.HOST, home).orElseThrow().mac()).contains(MAC);
    assertThat(AttachmentRemoval.plan(attachment, world.kernel().facts()).steps()).isEmpty();
  }

  /// A virtual link has no PCI address to identify it.
  @Test
  void whoHasTheNameOfAVirtualMemberThatCameHomeIsNeverTakenForIt() throws ChangeFailedException {
    long seed = 0;
    while (RandomWorlds.of(seed).config().linksInContainer()
        || RandomWorlds.of(seed).prepared().members().isEmpty()) {
      seed++;
    }
    World world = RandomWorlds.of(seed);
    Attachment attachment = world.add(new Execution(world.kernel()));
    LinkRef home = attachment.members().getFirst().home();
    String kind = attachment.members().getFirst().kind();
    world.kernel().addLink(home, kind, MAC, 9000, false);
    assertThat(world.remove(attachment)).isEmpty();
    assertThat(world.kernel().facts().link(Place.HOST, home.name() + "_1")).isPresent();
    assertThat(AttachmentRemoval.plan(attachment, world.kernel().facts()).steps()).isEmpty();
    world.kernel().apply(new Change.DeleteLink(LinkRef.host(home.name() + "_1"), kind));
    assertThat(AttachmentRemoval.plan(attachment, world.kernel().facts()).steps()).isEmpty();
  }

  @Test
  void aMemberThatIsInAnotherBondByNowIsLeftThere() throws ChangeFailedException {
    long seed = 0;
    while (!RandomWorlds.of(seed).config().linksInContainer()
        || RandomWorlds.of(seed).prepared().members().isEmpty()) {
      seed++;
    }
    World world = RandomWorlds.of(seed);
    Attachment attachment = world.add(new Execution(world.kernel()));
    LinkRef member = LinkRef.pod(attachment.members().getFirst().podName());
    LinkRef other = LinkRef.pod("other");
    BondOptions options = new BondOptions(Map.of(BondOption.MODE, new OptionValue.Number(0)));
    world.kernel().apply(new Change.Release(member, LinkRef.pod(world.names().name())));
    world
        .kernel()
        .apply(new Change.CreateBond(other, options, Optional.empty(), OptionalInt.empty()));
    world.kernel().apply(new Change.Enslave(member, other));
    assertThat(lines(AttachmentRemoval.plan(attachment, world.kernel().facts())))
        .isNotEmpty()
        .noneMatch(line -> line.contains(member.toString()));
    world.remove(attachment);
    assertThat(
            world
                .kernel()
                .facts()
                .link(Place.POD, member.name())
                .orElseThrow()
                .member()
                .orElseThrow()
                .bond())
        .isEqualTo("other");
  }

  @Test
  void whatTheKernelRestoresIsNotRestoredAgain() throws ChangeFailedException {
    for (long seed = 0; seed < 100; seed++) {
      World world = RandomWorlds.of(seed);
      boolean isPlain =
          world.config().linksInContainer()
              && world.config().members().stream().allMatch(MemberSpec.Named.class::isInstance)
              && world.config().mode().sharesOneMac();
      if (isPlain) {
        Attachment attachment = world.add(new Execution(world.kernel()));
        assertThat(lines(AttachmentRemoval.plan(attachment, world.kernel().facts())))
            .as("seed %d", seed)
            .isNotEmpty()
            .noneMatch(line -> line.startsWith("set MAC"));
      }
    }
  }

  @Test
  void aMacThatSomebodyGaveAMemberMeanwhileIsTakenBackWhereTheKernelWouldLeaveIt()
      throws ChangeFailedException {
    kernel.addLink(LinkRef.pod("net1"), "dummy", MAC, 1500, false);
    kernel.addLink(LinkRef.pod("net2"), "dummy", new MacAddress(MAC.bits() + 1), 1500, false);
    List<String> start = kernel.state();
    BondOptions options =
        new BondOptions(
            Map.of(
                BondOption.MODE, new OptionValue.Number(1),
                BondOption.FAIL_OVER_MAC, new OptionValue.Number(1)));
    BondConfig config =
        new BondConfig(
            "net",
            BondMode.ACTIVE_BACKUP,
            options,
            List.of(
                new MemberSpec.Named("net1", MemberOptions.DEFAULT),
                new MemberSpec.Named("net2", MemberOptions.DEFAULT)),
            true,
            true,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            false);
    World world = new World(kernel, config, NAMES, List.of(), List.of());
    Attachment attachment = world.add(new Execution(kernel));
    apply(new Change.SetMac(LinkRef.pod("net2"), new MacAddress(MAC.bits() + 7)));
    assertThat(world.remove(attachment)).isEmpty();
    assertThat(kernel.state()).isEqualTo(start);
  }

  @Test
  void aMemberThatGotItsHomeNameAsAnAlternativeOneCanStillGoHome() throws ChangeFailedException {
    World world = RandomWorlds.ofHardware(deviceFirst());
    List<String> start = world.kernel().state();
    Attachment attachment = world.add(new Execution(world.kernel()));
    SavedLink link = attachment.vfs().getFirst().link().orElseThrow();
    world.kernel().apply(new Change.AddAltName(LinkRef.pod(link.podName()), link.home().name()));
    assertThat(world.remove(attachment)).isEmpty();
    assertThat(world.kernel().state()).isEqualTo(start);
  }

  @Test
  void itsOwnAddressesAreTakenOffAndNoOthers() throws ChangeFailedException {
    World world = RandomWorlds.of(1);
    IpPrefix own = IpPrefix.parse("10.1.0.5/24").orElseThrow();
    Attachment attachment =
        world.add(new Execution(world.kernel())).complete(List.of(own), List.of());
    LinkRef link = attachment.addressed();
    LinkFixture now = LinkFixture.inPod(link.name()).address(own.toString()).address("10.1.0.6/24");
    assertThat(
            AttachmentRemoval.addresses(attachment, new FactsBuilder().link(now).facts()).steps())
        .extracting(Step::change)
        .containsExactly(new Change.RemoveAddress(link, own));
    LinkFixture without = LinkFixture.inPod(link.name()).address("10.1.0.6/24");
    assertThat(
            AttachmentRemoval.addresses(attachment, new FactsBuilder().link(without).facts())
                .steps())
        .isEmpty();
    assertThat(AttachmentRemoval.addresses(attachment, new FactsBuilder().facts()).steps())
        .isEmpty();
  }

  @Test
  void anAlternativeNameThatTheBondTookFromAMemberGoesBackToIt() {
    SavedLink saved = SavedLink.of(LinkFixture.inPod("net1").altName("lan").facts(2), "net1");
    Attachment attachment =
        Attachment.prepared(
                new AttachmentKey("c1", "bond0"), "net", "bond", "/run/netns/pod", JsonObject.of())
            .withInterfaces(Optional.of(NAMES), Optional.empty())
            .withTaken(List.of(saved), List.of());
    NodeFacts facts =
        new FactsBuilder()
            .link(LinkFixture.inPod("bond0").bond(BondMode.ACTIVE_BACKUP).altName("lan"))
            .link(LinkFixture.inPod("net1").memberOf("bond0"))
            .facts();
    assertThat(lines(AttachmentRemoval.plan(attachment, facts)))
        .containsExactly(
            "delete bond bond0 in the pod",
            "add alternative name lan to net1 in the pod",
            "set net1 in the pod up");
  }

  /// A seed whose first VF has another name in the pod than at home.
  private static long deviceFirst() {
    long seed = 0;
    while (RandomWorlds.ofHardware(seed).prepared().vfs().stream()
        .flatMap(vf -> vf.link().stream())
        .limit(1)
        .noneMatch(link -> !link.podName().equals(link.home().name()))) {
      seed++;
    }
    return seed;
  }
}
