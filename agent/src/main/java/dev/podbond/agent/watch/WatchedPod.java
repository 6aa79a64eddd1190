package dev.podbond.agent.watch;

import dev.podbond.bonding.net.NetnsId;
import dev.podbond.json.JsonObject;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.netlink.socket.DumpReader;
import dev.podbond.node.netns.NetnsIds;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pod with attachments of ours, and how its bonds were when last looked at.
///
/// @param records its attachments
/// @param health of its bonds, by name
record WatchedPod(List<WatchedRecord> records, Map<String, BondHealth> health) {
  /// More than any bond is made with.
  private static final int MEMBERS_SHOWN = 64;

  WatchedPod {
    records = List.copyOf(records);
    health = Map.copyOf(health);
  }

  static WatchedPod of(List<WatchedRecord> records) {
    return new WatchedPod(records, Map.of());
  }

  WatchedPod with(List<WatchedRecord> others) {
    return new WatchedPod(others, health);
  }

  /// The attachments whose namespace is another than the one at its path by now.
  List<WatchedRecord> displaced(NetnsId now) {
    return records.stream().filter(record -> record.netnsId().differsFrom(now)).toList();
  }

  /// Looks again. Of attachments whose namespace is gone nothing is found in another at its path.
  WatchedPod refreshed(Path path) throws IOException {
    Map<String, BondHealth> found = new HashMap<>();
    try (Netns netns = Netns.of(path);
        Rtnetlink net = Rtnetlink.open(netns)) {
      List<WatchedRecord> present = new ArrayList<>(records);
      present.removeAll(displaced(NetnsIds.of(netns)));
      for (WatchedRecord record : present) {
        if (record.bond().isPresent()) {
          health(net, record, record.bond().get()).ifPresent(bond -> found.put(bond.bond(), bond));
        }
      }
    }
    return new WatchedPod(records, found);
  }

  /// Asks for the bond and its members alone: the pod may have any number of other links.
  private static Optional<BondHealth> health(Rtnetlink net, WatchedRecord record, String name)
      throws NetlinkException {
    Links links = net.links();
    Optional<Link> bond = links.find(name).filter(link -> link.name().equals(name));
    if (bond.isEmpty()) {
      return Optional.empty();
    }
    List<Link> members = new ArrayList<>();
    links.forEachMember(
        bond.get().index(),
        new DumpReader<>() {
          @Override
          public void begin() {
            members.clear();
          }

          @Override
          public void read(Link link) {
            if (members.size() < MEMBERS_SHOWN) {
              members.add(link.withoutAttributes());
            }
          }
        });
    return BondHealth.of(bond.get(), members, duplicates(net, record));
  }

  /// Asks for the addresses that were given, one by one: the pod may add any number.
  private static List<InetAddress> duplicates(Rtnetlink net, WatchedRecord record)
      throws NetlinkException {
    List<InetAddress> duplicates = new ArrayList<>();
    if (!record.addresses().isEmpty()) {
      Optional<Link> link = net.links().find(record.addressed());
      for (Inet6Address address : link.isPresent() ? record.addresses() : List.<Inet6Address>of()) {
        if (net.addresses()
            .find(link.get().index(), address)
            .filter(found -> found.flags().isDadFailed())
            .isPresent()) {
          duplicates.add(address);
        }
      }
    }
    return duplicates;
  }

  private Optional<BondHealth> health(WatchedRecord record) {
    return record.bond().flatMap(name -> Optional.ofNullable(health.get(name)));
  }

  /// The bonds that lack a member.
  List<WatchedRecord> incomplete() {
    return records.stream()
        .filter(record ->
            health(record).filter(bond -> bond.members().size() < record.members()).isPresent())
        .toList();
  }

  /// What became different, a line for each bond.
  List<String> changesSince(WatchedPod before) {
    List<String> lines = new ArrayList<>();
    for (WatchedRecord record : records) {
      Optional<BondHealth> now = health(record);
      Optional<BondHealth> then = before.health(record);
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
      health(record)
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
