package dev.podbond.bonding.state;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpText;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The state of one bond.
///
/// @param active the active member; empty if there is none, and in modes where all are active
/// @param monitoring how it finds out that a member's link is dead
/// @param carrier whether the bond passes traffic at all
/// @param lacpPartner the LACP partner, if the mode uses one and one answers
/// @param duplicates those of the attachment's addresses that another host has
/// @param heldBack the members that the agent keeps from carrying traffic
public record BondState(
    String bond,
    BondMode mode,
    LinkMonitoring monitoring,
    Optional<String> active,
    boolean carrier,
    List<MemberState> members,
    Optional<MacAddress> lacpPartner,
    List<InetAddress> duplicates,
    List<BondProblem.HeldBack> heldBack) {
  /// The word for a member that the agent keeps from carrying traffic, whatever its link says.
  private static final String HELD = "held";

  public BondState {
    members = List.copyOf(members);
    duplicates = List.copyOf(duplicates);
    heldBack = List.copyOf(heldBack);
  }

  /// The state of a bond of which no member is held back.
  public BondState(
      String bond,
      BondMode mode,
      LinkMonitoring monitoring,
      Optional<String> active,
      boolean carrier,
      List<MemberState> members,
      Optional<MacAddress> lacpPartner,
      List<InetAddress> duplicates) {
    this(bond, mode, monitoring, active, carrier, members, lacpPartner, duplicates, List.of());
  }

  /// The same bond while these of its members are held back.
  public BondState holding(List<BondProblem.HeldBack> held) {
    return new BondState(
        bond, mode, monitoring, active, carrier, members, lacpPartner, duplicates, held);
  }

  /// The state of a bond.
  ///
  /// @param links the links with its members among them; it ignores the others
  /// @param duplicates those of its addresses that another host has
  /// @return empty if the link is not a bond, or its mode is unknown
  public static Optional<BondState> of(
      LinkFacts bond, List<LinkFacts> links, List<InetAddress> duplicates) {
    if (bond.bond().isEmpty()) {
      return Optional.empty();
    }
    BondOptions options = bond.bond().get();
    List<MemberState> members = new ArrayList<>();
    for (LinkFacts link : links) {
      if (link.ref().place() == bond.ref().place()) {
        link.member()
            .filter(member -> member.bond().equals(bond.name()))
            .map(member -> MemberState.of(link, member))
            .ifPresent(members::add);
      }
    }
    return options
        .get(BondOption.MODE)
        .flatMap(mode ->
            mode instanceof OptionValue.Number(long number)
                ? BondMode.of(number)
                : Optional.empty())
        .map(mode ->
            new BondState(
                bond.name(),
                mode,
                LinkMonitoring.of(options),
                active(options, members),
                bond.carrier(),
                members,
                bond.lacpPartner(),
                duplicates));
  }

  private static Optional<String> active(BondOptions options, List<MemberState> members) {
    return options
        .get(BondOption.ACTIVE_SLAVE)
        .map(OptionValue::toString)
        .filter(name -> members.stream().anyMatch(member -> member.name().equals(name)));
  }

  /// The members that the bond was made with and that are in it, each with its state, in the order
  /// of the record. A NIC is known by its PCI function; of two ports of one function each is known
  /// by its name as well. Other links are known by name; as a pod may rename them, links of unknown
  /// names take the places of those that are not found.
  public Map<ConfiguredMember, MemberState> present(List<ConfiguredMember> configured) {
    List<MemberState> others = new ArrayList<>(members);
    Map<ConfiguredMember, MemberState> found = LinkedHashMap.newLinkedHashMap(configured.size());
    for (ConfiguredMember member : configured) {
      take(others, state -> member.is(state) && state.name().equals(member.name()))
          .ifPresent(state -> found.put(member, state));
    }
    if (found.size() == configured.size()) {
      return found;
    }
    for (ConfiguredMember member : configured) {
      if (!found.containsKey(member)) {
        take(others, member::is).ifPresent(state -> found.put(member, state));
      }
    }
    Map<ConfiguredMember, MemberState> present = new LinkedHashMap<>();
    for (ConfiguredMember member : configured) {
      Optional.ofNullable(found.get(member))
          .or(() ->
              member.pci().isPresent()
                  ? Optional.empty()
                  : take(others, state -> state.pci().isEmpty()))
          .ifPresent(state -> present.put(member, state));
    }
    return present;
  }

  private static Optional<MemberState> take(List<MemberState> from, Predicate<MemberState> wanted) {
    for (int i = 0; i < from.size(); i++) {
      if (wanted.test(from.get(i))) {
        return Optional.of(from.remove(i));
      }
    }
    return Optional.empty();
  }

  /// The members that the bond was made with and that are not in it.
  public List<ConfiguredMember> missing(List<ConfiguredMember> configured) {
    Map<ConfiguredMember, MemberState> present = present(configured);
    return configured.stream().filter(member -> !present.containsKey(member)).toList();
  }

  /// Those of [#missing] that somebody has to bring back: who is outside on purpose is not among
  /// them.
  public List<ConfiguredMember> lacking(List<ConfiguredMember> configured) {
    return missing(configured).stream().filter(member -> !isHeldOutside(member)).toList();
  }

  private boolean isHeldOutside(ConfiguredMember member) {
    return heldBack.stream()
        .anyMatch(held ->
            held.member().equals(member.name())
                && held.where() == BondProblem.HeldBack.Where.OUTSIDE);
  }

  /// Whether the agent keeps a member from carrying traffic.
  public boolean isHeldBack(ConfiguredMember member) {
    return heldBack.stream().anyMatch(held -> held.member().equals(member.name()));
  }

  /// The problems of the bond; empty if all is well.
  ///
  /// @param configured the members that it was made with
  public List<BondProblem> problems(List<ConfiguredMember> configured) {
    List<BondProblem> problems = new ArrayList<>();
    if (!carrier) {
      problems.add(new BondProblem.NoCarrier());
    }
    for (MemberState member : members) {
      if (!member.isUp()) {
        problems.add(new BondProblem.MemberDown(member.name(), member.carrier()));
      } else if (mode == BondMode.LACP && !member.active()) {
        problems.add(new BondProblem.OutsideAggregator(member.name()));
      }
    }
    problems.addAll(heldBack);
    List<ConfiguredMember> missing = lacking(configured);
    if (!missing.isEmpty()) {
      problems.add(
          new BondProblem.MembersMissing(
              missing.stream().map(ConfiguredMember::name).toList(), configured.size()));
    }
    if (mode == BondMode.LACP && lacpPartner.isEmpty()) {
      problems.add(new BondProblem.NoLacpPartner());
    }
    duplicates.forEach(address -> problems.add(new BondProblem.DuplicateAddress(address)));
    return problems;
  }

  /// How the bond is, in one word.
  ///
  /// @param configured the members that it was made with
  public BondHealth health(List<ConfiguredMember> configured) {
    if (!carrier) {
      return BondHealth.DOWN;
    }
    return problems(configured).isEmpty() ? BondHealth.HEALTHY : BondHealth.DEGRADED;
  }

  /// What the bond survives when all its members are up.
  ///
  /// @param configured the members that it was made with
  public Survival survival(List<ConfiguredMember> configured) {
    // A bond that sends everything through all members needs to know of no dead link.
    return monitoring == LinkMonitoring.NONE && mode != BondMode.BROADCAST
        ? Survival.unmonitored()
        : Survival.of(configured.stream().map(ConfiguredMember::place).toList());
  }

  /// The bond of the host into which the NIC itself joins the ports of all members (VF-LAG), if it
  /// does: then each member alone has what all of them have.
  ///
  /// @param configured the members that it was made with
  public Optional<String> vfLag(List<ConfiguredMember> configured) {
    return Survival.vfLag(configured.stream().map(ConfiguredMember::place).toList());
  }

  /// The state of this bond when it is not there any more: nothing of it is.
  public BondState gone() {
    return new BondState(
        bond, mode, monitoring, Optional.empty(), false, List.of(), Optional.empty(), List.of());
  }

  /// The changes since an earlier look, in words; empty if there are none.
  public List<String> since(BondState before) {
    List<String> changes = new ArrayList<>();
    if (!active.equals(before.active)) {
      changes.add("active member " + before.active.orElse("none") + " -> " + active.orElse("none"));
    }
    for (MemberState member : members) {
      Optional<MemberState> known =
          before.members.stream().filter(other -> other.name().equals(member.name())).findFirst();
      if (known.filter(other -> other.isUp() == member.isUp()).isEmpty()) {
        changes.add("member " + member);
      } else if (mode == BondMode.LACP
          && member.isUp()
          && known.get().active() != member.active()) {
        changes.add(
            "member "
                + member.name()
                + (member.active() ? " joined" : " left")
                + " the active aggregator");
      }
    }
    before.members.stream()
        .filter(known -> members.stream().noneMatch(member -> member.name().equals(known.name())))
        .forEach(known -> changes.add("member " + known.name() + " left"));
    if (carrier != before.carrier) {
      changes.add(carrier ? "it passes traffic" : "it passes no traffic");
    }
    heldBack.stream()
        .filter(held -> !before.heldBack.contains(held))
        .forEach(held -> changes.add(held.toString()));
    before.heldBack.stream()
        .filter(held -> heldBack.stream().noneMatch(now -> now.member().equals(held.member())))
        .forEach(held -> changes.add("member " + held.member() + " is held back no more"));
    if (!lacpPartner.equals(before.lacpPartner)) {
      changes.add("LACP partner " + lacpPartner.map(MacAddress::toString).orElse("none"));
    }
    duplicates.stream()
        .filter(address -> !before.duplicates.contains(address))
        .forEach(address -> changes.add("another host has " + IpText.format(address)));
    before.duplicates.stream()
        .filter(address -> !duplicates.contains(address))
        .forEach(
            address -> changes.add("no other host has " + IpText.format(address) + " any more"));
    return changes;
  }

  /// The state as `podbond status -o json` prints it.
  ///
  /// @param configured the members that it was made with
  public JsonObject toJson(List<ConfiguredMember> configured) {
    List<BondProblem> problems = problems(configured);
    return JsonObject.builder()
        .put("bond", bond)
        .put("mode", mode.toString())
        .put("monitoring", monitoring.toString())
        .put("healthy", problems.isEmpty())
        .put("health", health(configured).toString())
        .put("problems", JsonArray.ofStrings(problems.stream().map(BondProblem::toString).toList()))
        .put("active", active.orElse(""))
        .put("carrier", carrier)
        .put("configured", configured.size())
        .put("members", membersJson(configured))
        .putIfPresent("lacpPartner", lacpPartner, mac -> new JsonString(mac.toString()))
        .putIfPresent("survives", survival(configured).toJson())
        .putIfPresent("vfLag", vfLag(configured), JsonString::new)
        .build();
  }

  private JsonArray membersJson(List<ConfiguredMember> configured) {
    Map<MemberState, ConfiguredMember> known = new HashMap<>();
    present(configured).forEach((member, state) -> known.put(state, member));
    List<JsonValue> all = new ArrayList<>();
    for (MemberState state : members) {
      Optional<ConfiguredMember> member = Optional.ofNullable(known.get(state));
      JsonObject.Builder json =
          JsonObject.builder()
              .put("name", state.name())
              .put("mii", word(member, state.isUp() ? "up" : "down"))
              .put("failures", state.failures());
      member.ifPresent(asked -> json.putAll(asked.toJson()));
      all.add(with(member, json).build());
    }
    for (ConfiguredMember member : missing(configured)) {
      Optional<ConfiguredMember> asked = Optional.of(member);
      JsonObject.Builder json =
          JsonObject.builder()
              .put("name", member.name())
              .put("mii", isHeldOutside(member) ? HELD : "missing")
              .putAll(member.toJson());
      all.add(with(asked, json).build());
    }
    return new JsonArray(all);
  }

  /// Whoever counts which members are up must not count one that carries no traffic.
  private String word(Optional<ConfiguredMember> member, String otherwise) {
    return member.filter(this::isHeldBack).isPresent() ? HELD : otherwise;
  }

  private JsonObject.Builder with(Optional<ConfiguredMember> member, JsonObject.Builder json) {
    return json.putIfPresent(
        "heldBack",
        heldBack.stream()
            .filter(held -> member.filter(asked -> asked.name().equals(held.member())).isPresent())
            .map(BondProblem.HeldBack::why)
            .findFirst(),
        JsonString::new);
  }
}
