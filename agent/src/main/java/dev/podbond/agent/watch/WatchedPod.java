package dev.podbond.agent.watch;

import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.bonding.state.BondProblem;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.Cause;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.metrics.BondReading;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.observe.BondObserver;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.LinkTraffic;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// A pod with attachments of ours, and the last state that we read of its bonds.
///
/// @param records its attachments
/// @param states the states of its bonds, by name
/// @param histories what happened to the bonds that were seen, by their attachments
record WatchedPod(
    List<WatchedRecord> records,
    Map<String, BondState> states,
    Map<AttachmentKey, BondHistory> histories) {
  WatchedPod {
    records = List.copyOf(records);
    states = Map.copyOf(states);
    histories = Map.copyOf(histories);
  }

  /// A pod after a look, of which nothing is remembered.
  WatchedPod(List<WatchedRecord> records, Map<String, BondState> states) {
    this(records, states, Map.of());
  }

  static WatchedPod of(List<WatchedRecord> records) {
    return new WatchedPod(records, Map.of());
  }

  /// With these attachments instead. What happened to those that stay is remembered.
  WatchedPod with(List<WatchedRecord> others) {
    Map<AttachmentKey, BondHistory> kept = new HashMap<>(histories);
    kept.keySet().retainAll(others.stream().map(WatchedRecord::key).toList());
    return new WatchedPod(others, states, kept);
  }

  /// After a look, with what happened before and since.
  WatchedPod remembering(WatchedPod before, Instant at, Cause.PfCarriers carriers) {
    Map<AttachmentKey, BondHistory> next = new HashMap<>();
    for (WatchedRecord record : records) {
      Optional<BondState> now = state(record);
      Optional<BondHistory> known = before.history(record);
      known
          .map(history ->
              now.map(state -> history.next(state, at, record.members(), carriers))
                  .orElseGet(() -> history.gone(at)))
          .or(() -> now.map(state -> BondHistory.begin(state, at)))
          .ifPresent(history -> next.put(record.key(), history));
    }
    return new WatchedPod(records, states, next);
  }

  private Optional<BondHistory> history(WatchedRecord record) {
    return Optional.ofNullable(histories.get(record.key()));
  }

  /// Without the attachments that are not among these.
  WatchedPod only(List<WatchedRecord> others) {
    return with(records.stream().filter(others::contains).toList());
  }

  /// The attachments whose namespace is another than the one at its path by now.
  List<WatchedRecord> displaced(NetnsId now) {
    return records.stream().filter(record -> record.netnsId().differsFrom(now)).toList();
  }

  /// Reads the bonds again. It skips attachments whose namespace is gone: another namespace at
  /// their path is not theirs.
  WatchedPod refreshed(Path path) throws IOException {
    Map<String, BondState> found = new HashMap<>();
    try (Rtnetlink pod = Rtnetlink.open(Netns.of(path))) {
      List<WatchedRecord> present = new ArrayList<>(records);
      present.removeAll(displaced(NetnsIds.of(pod)));
      for (WatchedRecord record : present) {
        if (record.bond().isPresent()) {
          BondObserver.observe(pod, record.bond().get(), record.addressed(), record.addresses())
              .ifPresent(bond -> found.put(bond.bond(), bond));
        }
      }
    }
    return new WatchedPod(records, found);
  }

  /// With the members of its bonds that are kept from carrying traffic.
  WatchedPod holding(Function<WatchedRecord, List<BondProblem.HeldBack>> held) {
    Map<String, BondState> next = new HashMap<>(states);
    for (WatchedRecord record : records) {
      state(record).ifPresent(state -> next.put(state.bond(), state.holding(held.apply(record))));
    }
    return new WatchedPod(records, next, histories);
  }

  /// Its bonds that are there.
  Stream<WatchedBond> bonds() {
    return records.stream()
        .flatMap(record ->
            state(record).stream()
                .map(
                    state -> new WatchedBond(record.key(), record.pod(), state, record.members())));
  }

  private Optional<BondState> state(WatchedRecord record) {
    return record.bond().flatMap(name -> Optional.ofNullable(states.get(name)));
  }

  /// The bonds that lack a member which is not kept outside on purpose.
  List<WatchedRecord> incomplete() {
    return records.stream()
        .filter(record ->
            state(record).filter(bond -> !bond.lacking(record.members()).isEmpty()).isPresent())
        .toList();
  }

  /// The changes, one line for each changed bond.
  List<String> changesSince(WatchedPod before) {
    List<String> lines = new ArrayList<>();
    for (WatchedRecord record : records) {
      Optional<BondHistory> now = history(record);
      Optional<Transition> latest = now.flatMap(BondHistory::latest);
      if (latest.isPresent()
          && !latest.equals(before.history(record).flatMap(BondHistory::latest))) {
        String bond = "bond " + now.get().last().bond() + " of " + record.pod();
        lines.add(state(record).isPresent() ? bond + ": " + latest.get() : bond + " is gone");
      }
    }
    return lines;
  }

  /// Its bonds as the agent's answer has them.
  ///
  /// @param cabling what PFs are plugged into
  List<JsonObject> toJson(Map<PciAddress, Cabling> cabling) {
    List<JsonObject> bonds = new ArrayList<>();
    for (WatchedRecord record : records) {
      history(record)
          .ifPresent(history -> bonds.add(toJson(record, history, record.members(cabling))));
    }
    return bonds;
  }

  /// Its bonds as metrics show them.
  ///
  /// @param traffic what their links have carried, by attachment and name
  /// @param cabling what PFs are plugged into
  Stream<BondReading> readings(
      Map<AttachmentKey, Map<String, LinkTraffic>> traffic, Map<PciAddress, Cabling> cabling) {
    return records.stream()
        .flatMap(record ->
            history(record).stream()
                .map(history ->
                    reading(
                        record,
                        history,
                        record.members(cabling),
                        traffic.getOrDefault(record.key(), Map.of()))));
  }

  /// Asks the kernel what the members of its bonds have carried. Only those are asked for that the
  /// bonds were made with: a pod may have any number of links.
  Map<AttachmentKey, Map<String, LinkTraffic>> traffic(Path path) throws IOException {
    Map<AttachmentKey, Map<String, LinkTraffic>> found = new HashMap<>();
    try (Rtnetlink pod = Rtnetlink.open(Netns.of(path))) {
      List<WatchedRecord> present = new ArrayList<>(records);
      present.removeAll(displaced(NetnsIds.of(pod)));
      for (WatchedRecord record : present) {
        Map<String, LinkTraffic> links = new HashMap<>();
        for (String member : members(record)) {
          pod.links().traffic(member).ifPresent(traffic -> links.put(member, traffic));
        }
        found.put(record.key(), links);
      }
    }
    return found;
  }

  private List<String> members(WatchedRecord record) {
    return state(record).stream()
        .flatMap(state -> state.present(record.members()).values().stream())
        .map(MemberState::name)
        .toList();
  }

  private static BondReading reading(
      WatchedRecord record,
      BondHistory history,
      List<ConfiguredMember> members,
      Map<String, LinkTraffic> traffic) {
    // Neither name has a slash in Kubernetes, and no container's id has one.
    int slash = record.pod().indexOf('/');
    return new BondReading(
        record.pod().substring(0, Math.max(0, slash)),
        record.pod().substring(slash + 1),
        record.network(),
        history.last(),
        members,
        history.activeChanges(),
        history.since().toEpochMilli(),
        traffic);
  }

  private static JsonObject toJson(
      WatchedRecord record, BondHistory history, List<ConfiguredMember> members) {
    return JsonObject.builder()
        .put("pod", record.pod())
        .putIfPresent("podUID", record.podUid(), JsonString::new)
        .put("container", record.key().containerId())
        .put("ifname", record.key().ifname())
        .put("network", record.network())
        .put("netns", record.netns())
        .putAll(history.last().toJson(members))
        .put("since", history.since().toString())
        .put(
            "transitions",
            new JsonArray(
                List.copyOf(history.transitions().stream().map(Transition::toJson).toList())))
        .build();
  }
}
