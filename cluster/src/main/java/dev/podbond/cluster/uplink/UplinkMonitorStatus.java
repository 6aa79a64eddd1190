package dev.podbond.cluster.uplink;

import dev.podbond.bonding.uplink.PublishedUplinks;
import dev.podbond.bonding.uplink.PublishedUplinks.Content;
import dev.podbond.cluster.uplink.FollowedMonitors.Share;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Optional;
import java.util.stream.Collectors;

/// The `status` of an UplinkMonitor.
public final class UplinkMonitorStatus {
  /// More names help nobody.
  private static final int MOST_NAMED = 10;

  private UplinkMonitorStatus() {}

  private record Condition(String type, boolean holds, String reason, String message) {}

  /// The status that follows from what was published.
  ///
  /// @param previous the present status; a condition that does not change keeps its time of
  ///   transition from there
  /// @param now the time of a transition, as RFC 3339 text
  public static JsonObject of(
      Share share, PublishedUplinks published, JsonObject previous, String now) {
    Condition ready = ready(share, published);
    return JsonObject.builder()
        .put("observedGeneration", share.monitor().generation())
        .put("nodes", isLeftOut(share, published) ? 0 : share.nodes().size())
        .put(
            "conditions",
            JsonArray.of(
                json(ready, share, previous, now), json(degraded(share), share, previous, now)))
        .build();
  }

  private static Condition ready(Share share, PublishedUplinks published) {
    return switch (share.monitor().content()) {
      case Content.Unusable(String why) ->
          new Condition(
              "Ready",
              false,
              "InvalidSettings",
              why + "; nodes that follow it keep the settings that they have");
      case Content.Settings _ when isLeftOut(share, published) ->
          new Condition(
              "Ready",
              false,
              "NoRoom",
              "all that nodes are told of UplinkMonitors has at most "
                  + PublishedUplinks.LIMITS.bytes()
                  + " bytes and "
                  + PublishedUplinks.LIMITS.values()
                  + " values, older ones first, and this one has no room; its nodes follow none:"
                  + " use fewer UplinkMonitors");
      case Content.Settings _ ->
          new Condition("Ready", true, "Published", readers(share.nodes().size()));
    };
  }

  private static boolean isLeftOut(Share share, PublishedUplinks published) {
    return !share.nodes().isEmpty()
        && published.parts().stream()
            .noneMatch(part -> part.monitor().equals(share.monitor().name()));
  }

  private static Condition degraded(Share share) {
    if (share.taken().isEmpty()) {
      return new Condition(
          "Degraded", false, "AsExpected", "no node that it selects follows another one");
    }
    int more = share.taken().size() - MOST_NAMED;
    return new Condition(
        "Degraded",
        true,
        "Overlap",
        "of the nodes that it selects "
            + share.taken().size()
            + " follow an older UplinkMonitor: "
            + share.taken().entrySet().stream()
                .limit(MOST_NAMED)
                .map(taken -> taken.getKey() + " follows " + taken.getValue())
                .collect(Collectors.joining(", "))
            + (more > 0 ? " and " + more + " more" : ""));
  }

  private static String readers(int nodes) {
    return switch (nodes) {
      case 0 -> "no node follows it";
      case 1 -> "1 node can read its settings";
      default -> nodes + " nodes can read its settings";
    };
  }

  private static JsonObject json(
      Condition condition, Share share, JsonObject previous, String now) {
    String holds = condition.holds() ? "True" : "False";
    Optional<String> since =
        LenientObject.objects(previous, "conditions").stream()
            .filter(old -> LenientObject.text(old, "type").equals(Optional.of(condition.type())))
            .filter(old -> LenientObject.text(old, "status").equals(Optional.of(holds)))
            .flatMap(old -> LenientObject.text(old, "lastTransitionTime").stream())
            .findFirst();
    return JsonObject.builder()
        .put("type", condition.type())
        .put("status", holds)
        .put("observedGeneration", share.monitor().generation())
        .put("lastTransitionTime", since.orElse(now))
        .put("reason", condition.reason())
        .put("message", condition.message())
        .build();
  }
}
