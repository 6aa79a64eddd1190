package dev.podbond.bonding.plan;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.check.Comparison;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.MemberSpec.Device;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.model.World;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What lost its place comes back to it; what somebody moved on purpose does not.
class RepairTest {
  private static final long[] SEEDS = RandomWorlds.seeds(200);

  /// A finished bond.
  private record Made(World world, Attachment attachment) {
    static Made of(long seed) throws ChangeFailedException {
      World world = RandomWorlds.of(seed);
      return new Made(world, world.add(new Execution(world.kernel())));
    }

    KernelModel kernel() {
      return world.kernel();
    }

    LinkRef bond() {
      return LinkRef.pod(world.names().name());
    }

    List<LinkRef> members() {
      return Stream.concat(
              attachment.members().stream(),
              attachment.vfs().stream().flatMap(vf -> vf.link().stream()))
          .map(link -> LinkRef.pod(link.podName()))
          .toList();
    }

    Plan repair() {
      return Repair.ofBond(attachment, world.config(), kernel().facts());
    }

    void assertIsAsMade(String name) {
      assertThat(
              Comparison.differences(Expectation.of(attachment, world.config()), kernel().facts()))
          .as(name)
          .isEmpty();
      assertThat(repair().isEmpty()).as(name).isTrue();
    }
  }

  @Test
  void aBondThatIsAsItWasMadeNeedsNone() throws ChangeFailedException {
    for (long seed : SEEDS) {
      assertThat(Made.of(seed).repair().isEmpty()).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void aMemberThatLeftTheBondJoinsItAgainWithItsOptions() throws ChangeFailedException {
    for (long seed : SEEDS) {
      int members = Made.of(seed).members().size();
      for (int n = 0; n < 2 * members; n++) {
        Made made = Made.of(seed);
        LinkRef member = made.members().get(n / 2);
        made.kernel().apply(new Change.Release(member, made.bond()));
        made.kernel().apply(new Change.SetAdminState(member, n % 2 == 0));
        String name = "seed " + seed + ", " + member;
        new Execution(made.kernel()).run(made.repair());
        made.assertIsAsMade(name);
      }
    }
  }

  @Test
  void aVfThatCameBackOnTheHostIsSetUpAndJoinsTheBondAgain() throws ChangeFailedException {
    for (long seed : SEEDS) {
      int vfs = Made.of(seed).attachment().vfs().size();
      for (int n = 0; n < vfs; n++) {
        Made made = Made.of(seed);
        SavedLink link = made.attachment().vfs().get(n).link().orElseThrow();
        made.kernel().apply(new Change.Move(LinkRef.pod(link.podName()), link.home()));
        new Execution(made.kernel()).run(made.repair());
        made.assertIsAsMade("seed " + seed + ", " + link.podName());
      }
    }
  }

  @Test
  void nothingIsDoneForAnAttachmentThatIsNotFinishedOrHasLostItsBond()
      throws ChangeFailedException {
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      Attachment prepared = RandomWorlds.of(seed).prepared();
      LinkRef member = made.members().getFirst();
      made.kernel().apply(new Change.Release(member, made.bond()));
      assertThat(Repair.ofBond(prepared, made.world().config(), made.kernel().facts()).isEmpty())
          .as("seed %d", seed)
          .isTrue();
      made.kernel().apply(new Change.DeleteLink(made.bond(), "bond"));
      assertThat(made.repair().isEmpty()).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void aMemberOfAnotherBondAndOneThatIsOnlyDownStayAsTheyAre() throws ChangeFailedException {
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      LinkRef moved = made.members().getFirst();
      LinkRef other = LinkRef.pod("other");
      made.kernel().apply(new Change.Release(moved, made.bond()));
      made.kernel()
          .apply(
              new Change.CreateBond(
                  other, made.world().config().options(), Optional.empty(), OptionalInt.empty()));
      made.kernel().apply(new Change.Enslave(moved, other));
      made.kernel().apply(new Change.SetAdminState(made.members().getLast(), false));
      assertThat(made.repair().isEmpty()).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void anotherDeviceUnderAMembersNameIsNotTheMember() throws ChangeFailedException {
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      for (SavedLink saved : made.attachment().members()) {
        LinkRef member = LinkRef.pod(saved.podName());
        made.kernel().apply(new Change.Release(member, made.bond()));
        made.kernel().apply(new Change.Move(member, LinkRef.host("gone-" + saved.podName())));
        made.kernel().addLink(member, "veth", new MacAddress(0x02000000ee00L), 1500, true);
      }
      assertThat(made.repair().isEmpty()).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void nothingIsDoneForAVfThatNobodySees() throws ChangeFailedException {
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      for (SavedVf saved : made.attachment().vfs()) {
        made.kernel().hide(LinkRef.pod(saved.link().orElseThrow().podName()));
      }
      assertThat(made.repair().isEmpty()).as("seed %d", seed).isTrue();
    }
  }

  /// A bond of two VFs, of which each has its own options and the second its own name.
  @Test
  void eachVfThatCameBackIsSetUpAsItsOwnEntrySays() {
    BondConfig config =
        bond(
            "'links':[{'deviceID':'0000:01:10.0','queueId':1,'vlan':5},"
                + "{'deviceID':'0000:02:10.0','name':'right','queueId':2}]");
    NodeFacts facts =
        new FactsBuilder()
            .link(inPod("bond0").bond(BondMode.ACTIVE_BACKUP))
            .vf(VfFixture.of("pf0", 0, "0000:01:10.0", onHost("ens1f0v0").down()))
            .vf(VfFixture.of("pf1", 0, "0000:02:10.0", onHost("ens2f0v0").down()))
            .facts();
    Attachment record =
        BondPlanner.prepare(
                new AttachmentKey("c1", "bond0"),
                "/run/netns/pod",
                JsonObject.of(),
                config,
                BOND0,
                facts)
            .complete(List.of(), List.of());
    assertThat(lines(Repair.ofBond(record, config, facts)))
        .containsExactly(
            "set VLAN 5 on VF 0 (0000:01:10.0) of PF pf0",
            "move ens1f0v0 on the host to ens1f0v0 in the pod",
            "set net/ipv4/conf/ens1f0v0/arp_notify = 1 in the pod",
            "set net/ipv6/conf/ens1f0v0/ndisc_notify = 1 in the pod",
            "make ens1f0v0 in the pod a member of bond0",
            "set member options of ens1f0v0 in the pod, queue id 1",
            "move ens2f0v0 on the host to right in the pod",
            "set net/ipv4/conf/right/arp_notify = 1 in the pod",
            "set net/ipv6/conf/right/ndisc_notify = 1 in the pod",
            "make right in the pod a member of bond0",
            "set member options of right in the pod, queue id 2");
  }

  /// balance-alb moves the MACs of its members about; each gets its own back when it leaves.
  @ParameterizedTest
  @CsvSource({
    // the MAC that net1 has in the bond, and the one it had before; net2 has 0b
    "02:00:00:00:00:0b, 02:00:00:00:00:0a, true",
    "02:00:00:00:00:0a, 02:00:00:00:00:0b, true",
    "02:00:00:00:00:0a, 02:00:00:00:00:0c, false",
  })
  void whoJoinsAgainTakesNoMacThatAMemberHasOrWillHave(
      String now, String permanent, boolean isTaken) {
    BondConfig config = bond("'mode':'balance-alb','failOverMac':0");
    LinkFixture net2 = inPod("net2").mac("02:00:00:00:00:0b").down();
    NodeFacts facts =
        new FactsBuilder()
            .link(inPod("bond0").bond(BondMode.BALANCE_ALB))
            .link(inPod("net1").mac(permanent).memberOf("bond0").mac(now))
            .link(net2)
            .facts();
    Attachment record =
        Attachment.prepared(
                new AttachmentKey("c1", "bond0"), "net", "bond", "/run/netns/pod", JsonObject.of())
            .withInterfaces(Optional.of(BOND0), Optional.empty())
            .withTaken(List.of(SavedLink.of(net2.facts(3), "net2")), List.of())
            .complete(List.of(), List.of());
    List<String> steps = lines(Repair.ofBond(record, config, facts));
    assertThat(steps.getLast()).isEqualTo("make net2 in the pod a member of bond0");
    assertThat(steps.stream().anyMatch(line -> line.startsWith("set MAC"))).isEqualTo(isTaken);
  }

  private static List<String> lines(Plan plan) {
    return plan.steps().stream().map(step -> step.change().toString()).toList();
  }

  @Test
  void aVfOfItsOwnAttachmentIsTakenIntoThePodAgain() throws ChangeFailedException {
    int repaired = 0;
    for (long seed : SEEDS) {
      World world = RandomWorlds.ofHardware(seed);
      List<Device> devices =
          world.config().members().stream()
              .filter(Device.class::isInstance)
              .map(Device.class::cast)
              .toList();
      if (devices.isEmpty()) {
        continue;
      }
      KernelModel kernel = world.kernel();
      SriovConfig config = config(devices.getFirst());
      Attachment prepared =
          VfPlanner.prepare(
              new AttachmentKey("c1", "net1"),
              "/run/netns/pod",
              JsonObject.of(),
              config,
              kernel.facts());
      new Execution(kernel)
          .run(VfPlanner.attach(config.device(), config.vf(), LinkRef.pod("net1"), kernel.facts()));
      Attachment attachment = prepared.complete(List.of(), List.of());
      assertThat(Repair.ofVf(attachment, config, kernel.facts()).isEmpty()).isTrue();

      SavedVf saved = attachment.vfs().getFirst();
      LinkRef home = saved.link().orElseThrow().home();
      kernel.apply(new Change.Move(LinkRef.pod("net1"), home));
      NodeFacts facts = kernel.facts();
      assertThat(Repair.ofVf(prepared, config, facts).isEmpty()).as("seed %d", seed).isTrue();
      for (Device other : devices.subList(1, devices.size())) {
        assertThat(Repair.ofVf(attachment, config(other), facts).isEmpty())
            .as("seed %d: another VF", seed)
            .isTrue();
      }
      new Execution(kernel).run(Repair.ofVf(attachment, config, facts));
      assertThat(Comparison.differences(Expectation.ofVf(attachment), kernel.facts()))
          .as("seed %d", seed)
          .isEmpty();
      assertThat(kernel.facts().link(Place.POD, "net1").map(LinkFacts::up))
          .as("seed %d", seed)
          .contains(true);
      repaired++;
    }
    assertThat(repaired).isPositive();
  }

  private static SriovConfig config(Device device) {
    return new SriovConfig(
        "net", device.pci(), device.vf(), Optional.empty(), Optional.empty(), false);
  }
}
