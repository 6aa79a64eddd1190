package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/// Draws changes over a few names, so that they meet: some fit, some are refused. The same seed
/// draws the same.
final class RandomChanges {
  static final List<LinkRef> DUMMIES =
      List.of(
          LinkRef.host("h0"),
          LinkRef.host("h1"),
          LinkRef.pod("p0"),
          LinkRef.pod("p1"),
          LinkRef.pod("p2"));

  /// Every name that any link can come to have on the host.
  static final FactsRequest HOST =
      new FactsRequest(Set.of("h0", "h1", "p0", "p1", "p2", "free0"), Set.of());

  private static final List<LinkRef> BONDS = List.of(LinkRef.pod("bond0"), LinkRef.pod("bond1"));
  private static final long FIRST_MAC = 0x02_00_00_00_01_00L;
  private static final int MACS = 16;

  private final Random random;
  private final BondMode mode;
  private final Theme theme;
  private final Deque<Change> beginning = new ArrayDeque<>();

  private enum Theme {
    ANYTHING,
    ONE_BOND
  }

  private RandomChanges(long seed, BondMode mode, Theme theme) {
    this.random = new Random(seed);
    this.mode = mode;
    this.theme = theme;
  }

  /// Changes of every kind.
  static RandomChanges ofAnything(long seed, BondMode mode) {
    return new RandomChanges(seed, mode, Theme.ANYTHING);
  }

  /// Changes that matter to which member of one bond of three is active.
  static RandomChanges aroundOneBond(long seed, BondMode mode) {
    RandomChanges changes = new RandomChanges(seed, mode, Theme.ONE_BOND);
    LinkRef bond = BONDS.getFirst();
    changes.beginning.add(
        new Change.CreateBond(
            bond,
            new BondOptions(Map.of(BondOption.MODE, number(mode.number())))
                .with(BondOption.MIIMON, number(100))
                .with(BondOption.PRIMARY_RESELECT, number(changes.random.nextInt(3))),
            Optional.empty(),
            OptionalInt.empty()));
    changes.beginning.add(new Change.SetAdminState(bond, true));
    DUMMIES
        .subList(2, 5)
        .forEach(member -> changes.beginning.add(new Change.Enslave(member, bond)));
    return changes;
  }

  static MacAddress macOf(LinkRef ref) {
    return new MacAddress(FIRST_MAC + DUMMIES.indexOf(ref));
  }

  static boolean isKnown(MacAddress mac) {
    return mac.bits() >= FIRST_MAC && mac.bits() < FIRST_MAC + MACS;
  }

  /// Usually a change that is possible, now and then one that is not.
  Change next(NodeFacts facts) {
    if (!beginning.isEmpty()) {
      return beginning.remove();
    }
    for (int tries = 0; ; tries++) {
      Change change = draw();
      boolean sensible = tries > 20 || random.nextInt(8) == 0 || namesWhatIsThere(change, facts);
      if (sensible && isComparable(change, facts)) {
        return change;
      }
    }
  }

  private static boolean namesWhatIsThere(Change change, NodeFacts facts) {
    return switch (change) {
      case Change.Enslave(LinkRef member, LinkRef bond) ->
          is(member, facts) && is(bond, facts) && !link(member, facts).orElseThrow().up();
      case Change.Release(LinkRef member, LinkRef bond) ->
          link(member, facts)
              .flatMap(LinkFacts::member)
              .filter(state -> state.bond().equals(bond.name()))
              .isPresent();
      case Change.SetMemberOptions set ->
          link(set.member(), facts).flatMap(LinkFacts::member).isPresent();
      case Change.SetPrimary(LinkRef bond, Optional<String> primary) ->
          is(bond, facts)
              && primary.filter(name -> !is(new LinkRef(bond.place(), name), facts)).isEmpty();
      case Change.SetActiveMember(LinkRef bond, String member) ->
          link(new LinkRef(bond.place(), member), facts)
              .flatMap(LinkFacts::member)
              .filter(state -> state.bond().equals(bond.name()))
              .isPresent();
      case Change.CreateBond create -> !is(create.bond(), facts);
      case Change.DeleteLink(LinkRef bond, String _) ->
          link(bond, facts).flatMap(LinkFacts::bond).isPresent();
      case Change.SetAdminState(LinkRef link, boolean up) ->
          link(link, facts).filter(now -> now.up() != up).isPresent();
      case Change.SetMac set -> is(set.link(), facts);
      case Change.SetMtu set -> is(set.link(), facts);
      case Change.Tune tune -> is(tune.link(), facts);
      case Change.Rename rename -> is(rename.link(), facts);
      case Change.AddAltName add -> is(add.link(), facts);
      case Change.RemoveAltName remove ->
          link(remove.link(), facts)
              .filter(link -> link.altNames().contains(remove.altName()))
              .isPresent();
      case Change.Move(LinkRef link, LinkRef there) -> is(link, facts) && !is(there, facts);
      case Change.AddAddress add -> is(add.link(), facts);
      case Change.RemoveAddress remove ->
          link(remove.link(), facts)
              .filter(link -> link.addresses().contains(remove.address()))
              .isPresent();
      case Change.AddRoute add ->
          link(add.link(), facts)
              .filter(link -> link.up() && !link.addresses().isEmpty())
              .isPresent();
      case Change.RemoveRoute remove ->
          facts.routes().getOrDefault(remove.link().name(), List.of()).contains(remove.route());
      case Change.SetSysctl _, Change.CreateVlan _, Change.SetVf _, Change.Rebind _ -> true;
    };
  }

  private static boolean is(LinkRef ref, NodeFacts facts) {
    return link(ref, facts).isPresent();
  }

  private static Optional<LinkFacts> link(LinkRef ref, NodeFacts facts) {
    return facts.links().stream().filter(link -> link.ref().equals(ref)).findFirst();
  }

  /// Excludes what the model forbids for good reasons although a kernel may allow it: moving a
  /// member from one bond to another (our edge refuses it too), and renaming a link that is up
  /// (Linux 6.2 and later) or to its own name. It also excludes what no plan does, so that the
  /// model need not know it: balance-tlb and -alb exchange MACs in their own ways when members go
  /// down, change their MAC or bring one that is in use (plans first make them distinct, but for a
  /// member that comes back to the only bond that there is); and a dummy has no speed, so an
  /// 802.3ad bond that is up treats it as unconnected.
  private boolean isComparable(Change change, NodeFacts facts) {
    return switch (change) {
      case Change.Enslave enslave ->
          link(enslave.member(), facts).flatMap(LinkFacts::member).isEmpty()
              && !(shufflesMacs() && theme == Theme.ANYTHING && hasMacInUse(enslave, facts));
      case Change.Rename(LinkRef ref, String newName) ->
          !ref.name().equals(newName) && link(ref, facts).filter(LinkFacts::up).isEmpty();
      case Change.SetAdminState(LinkRef ref, boolean up) ->
          !(up && mode == BondMode.LACP && BONDS.contains(ref))
              && !(isMember(ref, facts) && (shufflesMacs() || !isWatched(ref, facts)));
      case Change.SetMac set ->
          !(shufflesMacs() && (isMember(set.link(), facts) || BONDS.contains(set.link())));
      default -> true;
    };
  }

  private static boolean hasMacInUse(Change.Enslave enslave, NodeFacts facts) {
    Optional<MacAddress> mac = link(enslave.member(), facts).flatMap(LinkFacts::mac);
    return facts.links().stream()
        .filter(other -> other.name().equals(enslave.bond().name()) || other.member().isPresent())
        .anyMatch(other ->
            other.mac().equals(mac)
                || other.member().map(MemberFacts::permanentMac).filter(mac::equals).isPresent());
  }

  /// A bond that is down does not notice changes of its members.
  private static boolean isWatched(LinkRef member, NodeFacts facts) {
    return link(member, facts)
        .flatMap(LinkFacts::member)
        .flatMap(state -> facts.link(Place.POD, state.bond()))
        .filter(LinkFacts::up)
        .isPresent();
  }

  private boolean shufflesMacs() {
    return mode == BondMode.BALANCE_TLB || mode == BondMode.BALANCE_ALB;
  }

  private static boolean isMember(LinkRef ref, NodeFacts facts) {
    return link(ref, facts).flatMap(LinkFacts::member).isPresent();
  }

  private Change draw() {
    return switch (theme) {
      case ANYTHING -> anything();
      case ONE_BOND -> aroundOneBond();
    };
  }

  private Change aroundOneBond() {
    LinkRef bond = BONDS.getFirst();
    LinkRef member = any(DUMMIES.subList(2, 5));
    return switch (random.nextInt(13)) {
      case 0, 1 ->
          new Change.SetPrimary(
              bond, random.nextInt(3) > 0 ? Optional.of(member.name()) : Optional.empty());
      case 2, 3 -> new Change.SetActiveMember(bond, member.name());
      case 4, 5, 6 ->
          new Change.SetMemberOptions(
              member, OptionalInt.of(random.nextInt(3) - 1), OptionalInt.empty());
      case 7, 8 -> new Change.SetAdminState(member, random.nextBoolean());
      case 9 -> new Change.Release(member, bond);
      case 10 -> new Change.Enslave(member, bond);
      case 11 -> new Change.Rename(member, "free0");
      default -> new Change.Rename(LinkRef.pod("free0"), member.name());
    };
  }

  private Change anything() {
    return switch (random.nextInt(28)) {
      case 0, 1 -> createBond();
      case 2 -> new Change.DeleteLink(anyPod(), "bond");
      case 3, 4, 5 -> new Change.SetAdminState(any(), random.nextBoolean());
      case 6, 7, 8, 9 -> new Change.Enslave(any(DUMMIES.subList(2, 5)), any(BONDS));
      case 10 -> new Change.Release(any(DUMMIES.subList(2, 5)), any(BONDS));
      case 11 ->
          new Change.SetMemberOptions(
              any(DUMMIES.subList(2, 5)),
              random.nextBoolean() ? OptionalInt.of(random.nextInt(5) - 2) : OptionalInt.empty(),
              OptionalInt.of(random.nextInt(3)));
      case 12 -> new Change.SetMac(any(), new MacAddress(FIRST_MAC + 8 + random.nextInt(8)));
      case 13 -> new Change.SetMtu(any(), 1000 + random.nextInt(1000));
      case 14 ->
          new Change.Rename(any(DUMMIES), random.nextBoolean() ? "free0" : any(DUMMIES).name());
      case 15 -> new Change.AddAltName(any(), any(List.of("alt0", "alt1", "p1", "bond1")));
      case 16 -> new Change.RemoveAltName(any(), any(List.of("alt0", "alt1")));
      case 17, 18 -> move();
      case 19 -> new Change.AddAddress(anyPod(), prefix());
      case 20 -> new Change.RemoveAddress(anyPod(), prefix());
      case 21 -> new Change.AddRoute(anyPod(), route());
      case 22 -> new Change.RemoveRoute(anyPod(), route());
      case 23, 24 ->
          new Change.SetPrimary(
              any(BONDS),
              random.nextInt(3) > 0
                  ? Optional.of(any(DUMMIES.subList(2, 5)).name())
                  : Optional.empty());
      case 25, 26 -> new Change.SetActiveMember(any(BONDS), any(DUMMIES.subList(2, 5)).name());
      default ->
          new Change.SetSysctl(Place.POD, "ipv4/conf/" + anyPod().name() + "/arp_notify", "1");
    };
  }

  private Change createBond() {
    BondOptions options =
        new BondOptions(Map.of(BondOption.MODE, number(mode.number())))
            .with(BondOption.MIIMON, number(100))
            .with(BondOption.FAIL_OVER_MAC, number(random.nextInt(3)));
    if (BondOption.PRIMARY_RESELECT.modes().accepted().contains(mode)) {
      options = options.with(BondOption.PRIMARY_RESELECT, number(random.nextInt(3)));
    }
    if (random.nextInt(4) == 0) {
      BondOption option = BondOption.values()[random.nextInt(BondOption.values().length)];
      options =
          switch (option) {
            case MODE, MIIMON, ARP_INTERVAL, USE_CARRIER, UPDELAY, DOWNDELAY -> options;
            case ALL_SLAVES_ACTIVE,
                TLB_DYNAMIC_LB,
                LACP_RATE,
                LACP_ACTIVE,
                AD_SELECT,
                XMIT_HASH_POLICY,
                MIN_LINKS,
                LP_INTERVAL,
                PACKETS_PER_SLAVE,
                RESEND_IGMP,
                NUM_PEER_NOTIF,
                ARP_ALL_TARGETS,
                ARP_MISSED_MAX,
                COUPLED_CONTROL ->
                options.with(option, number(1));
            case PEER_NOTIF_DELAY -> options.with(option, number(250));
            default -> options;
          };
    }
    return new Change.CreateBond(
        any(BONDS),
        options,
        random.nextInt(3) == 0
            ? Optional.of(new MacAddress(FIRST_MAC + 8 + random.nextInt(8)))
            : Optional.empty(),
        random.nextBoolean() ? OptionalInt.of(1200 + random.nextInt(200)) : OptionalInt.empty());
  }

  private Change move() {
    LinkRef link = random.nextInt(8) == 0 ? any(BONDS) : any(DUMMIES);
    Place there = link.place() == Place.POD ? Place.HOST : Place.POD;
    // A bond never moves; with a free name that is the only reason to refuse the change.
    String name = BONDS.contains(link) || random.nextBoolean() ? link.name() : any(DUMMIES).name();
    // Now and then the change looks for the link in the wrong place.
    return random.nextInt(6) > 0
        ? new Change.Move(link, new LinkRef(there, name))
        : new Change.Move(new LinkRef(there, link.name()), new LinkRef(link.place(), name));
  }

  private Route route() {
    return Route.of(
        IpPrefix.parse(random.nextBoolean() ? "10.9.0.0/16" : "10.8.0.0/16").orElseThrow(),
        random.nextBoolean()
            ? Optional.of(InetAddress.ofLiteral("10.1." + random.nextInt(3) + ".1"))
            : Optional.empty());
  }

  private IpPrefix prefix() {
    return IpPrefix.parse("10.1." + random.nextInt(3) + ".2/24").orElseThrow();
  }

  private LinkRef any() {
    return random.nextInt(4) == 0 ? any(BONDS) : any(DUMMIES);
  }

  private LinkRef anyPod() {
    return random.nextInt(2) == 0 ? any(BONDS) : any(DUMMIES.subList(2, 5));
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static OptionValue number(long value) {
    return new OptionValue.Number(value);
  }
}
