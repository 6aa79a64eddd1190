package dev.podbond.cli.show;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The bonds of pods.
public final class BondTable {
  private static final List<String> COLUMNS =
      List.of("pod", "bond", "mode", "active", "members", "mac", "mtu", "addresses");

  private BondTable() {}

  /// One row for each bond.
  ///
  /// @param pods what was observed in each pod, by "namespace/name"
  public static Table of(Map<String, NodeFacts> pods) {
    List<JsonObject> rows = new ArrayList<>();
    new TreeMap<>(pods)
        .forEach((pod, facts) ->
            inPod(facts).stream()
                .filter(link -> link.kind().equals("bond"))
                .forEach(bond -> rows.add(row(pod, bond, facts))));
    return new Table(COLUMNS, rows);
  }

  private static JsonObject row(String pod, LinkFacts bond, NodeFacts facts) {
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
        .build();
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
