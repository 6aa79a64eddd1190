package dev.podbond.cli.show;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The bonds of pods.
public final class BondTable {
  private static final List<String> COLUMNS =
      List.of("pod", "bond", "mode", "active", "members", "mac", "mtu", "addresses");

  private BondTable() {}

  /// One row for each bond.
  ///
  /// @param pods what was observed in each pod, by "namespace/name"
  /// @param places where members' ports are, by the members' functions, as far as it is known
  public static Table of(Map<String, NodeFacts> pods, Map<PciAddress, PfPlace> places) {
    List<JsonObject> rows = new ArrayList<>();
    new TreeMap<>(pods)
        .forEach((pod, facts) ->
            inPod(facts).stream()
                .filter(link -> link.kind().equals("bond"))
                .forEach(bond -> rows.add(row(pod, bond, facts, places))));
    return new Table(COLUMNS, rows);
  }

  /// The PCI functions of all members.
  public static Set<PciAddress> functions(Map<String, NodeFacts> pods) {
    return pods.values().stream()
        .flatMap(facts -> inPod(facts).stream())
        .filter(link -> link.member().isPresent())
        .flatMap(link -> link.pci().stream())
        .collect(Collectors.toSet());
  }

  private static JsonObject row(
      String pod, LinkFacts bond, NodeFacts facts, Map<PciAddress, PfPlace> places) {
    Optional<BondState> state = BondState.of(bond, inPod(facts), List.of());
    return JsonObject.builder()
        .put("pod", pod)
        .put("bond", bond.name())
        .put("mode", state.map(known -> known.mode().toString()).orElse(""))
        .put("active", state.flatMap(BondState::active).orElse(""))
        .put(
            "members",
            new JsonArray(
                state.map(BondState::members).orElse(List.of()).stream()
                    .map(BondTable::member)
                    .toList()))
        .put("mac", bond.mac().map(Object::toString).orElse(""))
        .put("mtu", bond.mtuBytes())
        .put("addresses", addresses(bond))
        .putIfPresent("survives", state.flatMap(known -> survival(known, places).toJson()))
        .build();
  }

  /// Of the members that are in it: with how many it was made only its record says.
  private static Survival survival(BondState bond, Map<PciAddress, PfPlace> places) {
    return bond.survival(
        bond.members().stream()
            .map(member ->
                new ConfiguredMember(
                        member.name(), member.pci(), Optional.empty(), Optional.empty())
                    .at(member.pci().flatMap(pci -> Optional.ofNullable(places.get(pci)))))
            .toList());
  }

  private static JsonValue member(MemberState member) {
    return JsonObject.of(
        "name",
        new JsonString(member.name()),
        "mii",
        new JsonString(member.isUp() ? "up" : "down"));
  }

  /// Leaves out link-local addresses: every interface has one.
  private static JsonArray addresses(LinkFacts link) {
    return JsonArray.ofStrings(
        link.addresses().stream()
            .filter(prefix -> !prefix.address().isLinkLocalAddress())
            .map(IpPrefix::toString)
            .toList());
  }

  private static List<LinkFacts> inPod(NodeFacts facts) {
    return facts.links().stream()
        .filter(link -> link.ref().place() == Place.POD)
        .sorted(Comparator.comparingInt(LinkFacts::index))
        .toList();
  }
}
