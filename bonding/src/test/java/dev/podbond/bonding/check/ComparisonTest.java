package dev.podbond.bonding.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.DeleteLink;
import dev.podbond.bonding.change.Change.Release;
import dev.podbond.bonding.change.Change.RemoveAddress;
import dev.podbond.bonding.change.Change.RemoveAltName;
import dev.podbond.bonding.change.Change.RemoveRoute;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMac;
import dev.podbond.bonding.change.Change.SetMemberOptions;
import dev.podbond.bonding.change.Change.SetMtu;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.model.World;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.MacAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// CHECK is silent about what ADD made, and names every later change.
class ComparisonTest {
  private static final long[] SEEDS = RandomWorlds.seeds(200);

  /// A change made by somebody else.
  private interface Mutation {
    void on(KernelModel kernel) throws ChangeFailedException;
  }

  private record Made(World world, Attachment attachment, Expectation expectation) {
    static Made of(long seed) {
      World world = RandomWorlds.of(seed);
      try {
        Attachment attachment = world.add(new Execution(world.kernel()));
        return new Made(world, attachment, Expectation.of(attachment, world.config()));
      } catch (ChangeFailedException failure) {
        throw new AssertionError("seed " + seed, failure);
      }
    }

    List<Difference> differences() {
      return Comparison.differences(expectation, world.kernel().facts());
    }

    LinkRef bond() {
      return LinkRef.pod(world.names().name());
    }

    List<LinkFacts> members() {
      return world.kernel().facts().links().stream()
          .filter(link -> link.member().isPresent())
          .toList();
    }
  }

  /// As the tuning plugin does after the bond in the chain; the members take the bond's new MTU
  /// too.
  @Test
  void anMtuThatNobodyConfiguredMayBeSetByAnotherPluginOfTheChain() throws ChangeFailedException {
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      Expectation lasting = Expectation.lasting(made.attachment(), made.world().config());
      int tuned = made.expectation().bond().orElseThrow().mtuBytes().getAsInt() - 1;
      KernelModel kernel = made.world().kernel();
      kernel.apply(new SetMtu(made.bond(), tuned));
      for (LinkFacts member : made.members()) {
        kernel.apply(new SetMtu(member.ref(), tuned));
      }
      boolean isConfigured = made.world().config().mtuBytes().isPresent();
      assertThat(Comparison.differences(lasting, kernel.facts()).isEmpty())
          .as("seed %d: %s", seed, made.world().config())
          .isEqualTo(!isConfigured);
      kernel.apply(new SetMtu(made.members().getFirst().ref(), tuned - 1));
      assertThat(Comparison.differences(lasting, kernel.facts())).as("seed %d", seed).isNotEmpty();
    }
  }

  @Test
  void whatAddMadeHasNoDifferencesAndNoDegradations() {
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      assertThat(made.differences()).as("seed %d: %s", seed, made.world().config()).isEmpty();
      assertThat(Comparison.degradations(made.expectation(), made.world().kernel().facts()))
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  @Test
  void aBondThatHasFailedOverIsDegradedButAsItWasMade() {
    for (long seed : SEEDS) {
      int members = Made.of(seed).members().size();
      for (int dead = 0; dead < members; dead++) {
        Made made = Made.of(seed);
        made.world().kernel().setCarrier(made.members().get(dead).ref(), false);
        assertThat(made.differences()).as("seed %d, member %d", seed, dead).isEmpty();
        assertThat(Comparison.degradations(made.expectation(), made.world().kernel().facts()))
            .as("seed %d, member %d", seed, dead)
            .isNotEmpty();
      }
    }
  }

  @Test
  void everySingleAlterationIsADifference() {
    for (long seed : SEEDS) {
      for (String name : mutations(Made.of(seed)).keySet()) {
        Made made = Made.of(seed);
        Mutation mutation = mutations(made).get(name);
        try {
          mutation.on(made.world().kernel());
        } catch (ChangeFailedException failure) {
          throw new AssertionError("seed " + seed + ", " + name, failure);
        }
        assertThat(made.differences()).as("seed %d, %s", seed, name).isNotEmpty();
      }
    }
  }

  /// An expectation names what has to be read to judge it: with nothing else read, the verdict is
  /// the same, whatever was altered.
  @Test
  void whatAnExpectationNamesIsEnoughToJudgeIt() throws ChangeFailedException {
    for (long seed : SEEDS) {
      Made untouched = Made.of(seed);
      assertThat(Comparison.differences(untouched.expectation(), named(untouched)))
          .as("seed %d", seed)
          .isEmpty();
      for (String name : mutations(untouched).keySet()) {
        Made made = Made.of(seed);
        mutations(made).get(name).on(made.world().kernel());
        assertThat(Comparison.differences(made.expectation(), named(made)))
            .as("seed %d, %s", seed, name)
            .isNotEmpty();
      }
    }
  }

  @Test
  void degradationsAreSeenInWhatAnExpectationNames() {
    for (long seed : SEEDS) {
      Made made = Made.of(seed);
      made.world().kernel().setCarrier(made.members().getFirst().ref(), false);
      assertThat(Comparison.degradations(made.expectation(), named(made)))
          .as("seed %d", seed)
          .isEqualTo(Comparison.degradations(made.expectation(), made.world().kernel().facts()))
          .isNotEmpty();
    }
  }

  /// Of all facts only those that the expectation names.
  private static NodeFacts named(Made made) {
    Expectation expected = made.expectation();
    NodeFacts all = made.world().kernel().facts();
    return new NodeFacts(
        all.links().stream()
            .filter(link -> link.ref().place() == Place.POD)
            .filter(link ->
                expected.podLinks().contains(link.name())
                    || link.member()
                        .filter(member -> expected.podLinks().contains(member.bond()))
                        .isPresent())
            .map(link ->
                link.ref().equals(expected.addressed()) ? link : LinkFixture.withoutAddresses(link))
            .toList(),
        all.vfs().entrySet().stream()
            .filter(vf -> expected.pfSides().contains(vf.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
        Map.of(
            expected.addressed().name(),
            all.routes().getOrDefault(expected.addressed().name(), List.of()).stream()
                .filter(route -> expected.destinations().contains(route.destination()))
                .toList()));
  }

  private static Map<String, Mutation> mutations(Made made) {
    Map<String, Mutation> mutations = new LinkedHashMap<>();
    LinkRef bond = made.bond();
    Expectation.ExpectedBond expected = made.expectation().bond().orElseThrow();
    changes(mutations, new DeleteLink(bond, "bond"));
    changes(mutations, new SetAdminState(bond, false));
    changes(mutations, new SetMtu(bond, expected.mtuBytes().getAsInt() - 1));
    expected.names().altName().ifPresent(alt -> changes(mutations, new RemoveAltName(bond, alt)));
    expected
        .vlan()
        .map(LinkRef::pod)
        .ifPresent(vlan -> {
          changes(mutations, new SetAdminState(vlan, false));
          changes(mutations, new DeleteLink(vlan, "vlan"));
        });
    LinkRef addressed = made.expectation().addressed();
    made.expectation()
        .addresses()
        .forEach(address -> changes(mutations, new RemoveAddress(addressed, address)));
    made.expectation()
        .routes()
        .forEach(route -> changes(mutations, new RemoveRoute(addressed, route)));
    for (LinkFacts member : made.members()) {
      changes(mutations, new Release(member.ref(), bond));
      changes(mutations, new SetAdminState(member.ref(), false));
      changes(mutations, new SetMtu(member.ref(), expected.mtuBytes().getAsInt() - 1));
      if (canBeMisled(made, member)) {
        changes(mutations, new SetMac(member.ref(), new MacAddress(0x02ffffffffffL)));
      }
    }
    for (Expectation.ExpectedMember member : expected.members()) {
      LinkRef ref = LinkRef.pod(member.name());
      if (member.options().queueId().isPresent()) {
        changes(mutations, new SetMemberOptions(ref, OptionalInt.empty(), OptionalInt.of(9)));
      }
    }
    for (BondOption option :
        List.of(BondOption.MIIMON, BondOption.UPDELAY, BondOption.LACP_RATE, BondOption.PRIMARY)) {
      if (expected.options().get(option).isPresent()) {
        mutations.put(
            "set " + option, kernel -> kernel.setOption(bond, option, new OptionValue.Number(0)));
      }
    }
    return mutations;
  }

  /// Whether a rule covers a member's MAC, and its driver allows a change.
  private static boolean canBeMisled(Made made, LinkFacts member) {
    boolean isDummy = member.pci().isEmpty();
    BondMode mode = made.world().config().mode();
    boolean isBearer =
        made.world()
            .kernel()
            .facts()
            .link(Place.POD, made.bond().name())
            .orElseThrow()
            .mac()
            .equals(member.mac());
    return switch (mode) {
      case BALANCE_RR, BALANCE_XOR, BROADCAST, LACP -> isDummy;
      case ACTIVE_BACKUP, BALANCE_TLB, BALANCE_ALB -> isDummy && isBearer;
    };
  }

  private static void changes(Map<String, Mutation> mutations, Change change) {
    mutations.put(change.toString(), kernel -> kernel.apply(change));
  }

  @Test
  void anOptionThatTheKernelIgnoredIsNamed() throws ChangeFailedException {
    long seed = 0;
    while (RandomWorlds.of(seed).config().mode() != BondMode.LACP) {
      seed++;
    }
    World world = RandomWorlds.of(seed);
    world.kernel().forget(BondOption.LACP_RATE);
    Attachment attachment = world.add(new Execution(world.kernel()));
    assertThat(
            Comparison.differences(
                Expectation.of(attachment, world.config()), world.kernel().facts()))
        .extracting(Difference::toString)
        .containsExactly(
            LinkRef.pod(world.names().name())
                + ": option lacpRate should be fast, found nothing: this kernel ignored it or does"
                + " not report it");
  }
}
