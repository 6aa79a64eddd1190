package dev.podbond.agent.watch;

import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.state.BondState;
import dev.podbond.json.JsonObject;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.observe.BondObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pod with attachments of ours, and the last state that we read of its bonds.
///
/// @param records its attachments
/// @param states the states of its bonds, by name
record WatchedPod(List<WatchedRecord> records, Map<String, BondState> states) {
  WatchedPod {
    records = List.copyOf(records);
    states = Map.copyOf(states);
  }

  static WatchedPod of(List<WatchedRecord> records) {
    return new WatchedPod(records, Map.of());
  }

  WatchedPod with(List<WatchedRecord> others) {
    return new WatchedPod(others, states);
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

  private Optional<BondState> state(WatchedRecord record) {
    return record.bond().flatMap(name -> Optional.ofNullable(states.get(name)));
  }

  /// The bonds that lack a member.
  List<WatchedRecord> incomplete() {
    return records.stream()
        .filter(record ->
            state(record).filter(bond -> bond.members().size() < record.members()).isPresent())
        .toList();
  }

  /// The changes, one line for each changed bond.
  List<String> changesSince(WatchedPod before) {
    List<String> lines = new ArrayList<>();
    for (WatchedRecord record : records) {
      Optional<BondState> now = state(record);
      Optional<BondState> then = before.state(record);
      if (now.isPresent() && then.isPresent()) {
        List<String> changes = now.get().since(then.get());
        if (!changes.isEmpty()) {
          lines.add(
              "bond "
                  + now.get().bond()
                  + " of "
                  + record.pod()
                  + ": "
                  + String.join(", ", changes));
        }
      } else if (then.isPresent()) {
        lines.add("bond " + then.get().bond() + " of " + record.pod() + " is gone");
      }
    }
    return lines;
  }

  List<JsonObject> toJson() {
    List<JsonObject> bonds = new ArrayList<>();
    for (WatchedRecord record : records) {
      state(record)
          .ifPresent(bond ->
              bonds.add(
                  JsonObject.builder()
                      .put("pod", record.pod())
                      .put("container", record.key().containerId())
                      .put("ifname", record.key().ifname())
                      .put("network", record.network())
                      .put("netns", record.netns())
                      .putAll(bond.toJson(record.members()))
                      .build()));
    }
    return bonds;
  }
}
