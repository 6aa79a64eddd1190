package dev.podbond.agent.watch;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.json.JsonObject;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import java.io.IOException;
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
record WatchedPod(List<Attachment> records, Map<String, BondHealth> health) {
  WatchedPod {
    records = List.copyOf(records);
    health = Map.copyOf(health);
  }

  static WatchedPod of(List<Attachment> records) {
    return new WatchedPod(records, Map.of());
  }

  WatchedPod with(List<Attachment> others) {
    return new WatchedPod(others, health);
  }

  /// Looks again.
  WatchedPod refreshed(Path path) throws IOException {
    List<Link> links;
    try (Netns netns = Netns.of(path);
        Rtnetlink net = Rtnetlink.open(netns)) {
      links = net.links().list();
    }
    Map<String, BondHealth> found = new HashMap<>();
    for (Attachment record : records) {
      name(record)
          .flatMap(name -> links.stream().filter(link -> link.name().equals(name)).findFirst())
          .flatMap(link -> BondHealth.of(link, links))
          .ifPresent(bond -> found.put(bond.bond(), bond));
    }
    return new WatchedPod(records, found);
  }

  private static Optional<String> name(Attachment record) {
    return record.bond().map(BondNames::name);
  }

  private Optional<BondHealth> health(Attachment record) {
    return name(record).flatMap(name -> Optional.ofNullable(health.get(name)));
  }

  private static int expectedMembers(Attachment record) {
    return record.members().size() + record.vfs().size();
  }

  /// The bonds that lack a member.
  List<Attachment> incomplete() {
    return records.stream()
        .filter(record ->
            health(record)
                .filter(bond -> bond.members().size() < expectedMembers(record))
                .isPresent())
        .toList();
  }

  /// What became different, a line for each bond.
  List<String> changesSince(WatchedPod before) {
    List<String> lines = new ArrayList<>();
    for (Attachment record : records) {
      Optional<BondHealth> now = health(record);
      Optional<BondHealth> then = before.health(record);
      if (now.isPresent() && then.isPresent()) {
        List<String> changes = now.get().since(then.get());
        if (!changes.isEmpty()) {
          lines.add(
              "bond "
                  + now.get().bond()
                  + " of "
                  + pod(record)
                  + ": "
                  + String.join(", ", changes));
        }
      } else if (then.isPresent()) {
        lines.add("bond " + then.get().bond() + " of " + pod(record) + " is gone");
      }
    }
    return lines;
  }

  /// The pod as Kubernetes names it, else its container.
  private static String pod(Attachment record) {
    CniArgs args = new CniArgs(record.origin().cniArgs());
    Optional<String> name = args.get("K8S_POD_NAME");
    return name.isPresent()
        ? args.get("K8S_POD_NAMESPACE").orElse("default") + "/" + name.get()
        : record.key().containerId();
  }

  List<JsonObject> toJson() {
    List<JsonObject> bonds = new ArrayList<>();
    for (Attachment record : records) {
      health(record)
          .ifPresent(bond ->
              bonds.add(
                  JsonObject.builder()
                      .put("pod", pod(record))
                      .put("container", record.key().containerId())
                      .put("ifname", record.key().ifname())
                      .put("network", record.network())
                      .put("netns", record.netns())
                      .putAll(bond.toJson(expectedMembers(record)))
                      .build()));
    }
    return bonds;
  }
}
