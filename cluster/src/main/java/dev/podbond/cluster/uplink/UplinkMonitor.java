package dev.podbond.cluster.uplink;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.uplink.PublishedUplinks.Content;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.cluster.sriov.NodeSelection;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.json.Printable;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// An UplinkMonitor: how some nodes of a cluster watch their uplinks. Its `spec` is what a node's
/// own `/etc/podbond/uplink.json` has, and a `nodeSelector`.
///
/// @param uid the object's UID
/// @param generation counts the changes of its spec
/// @param created when, as RFC 3339 text in UTC, which sorts as time does
/// @param nodeSelector the labels of its nodes; empty if they are not known, so that it has no
///   nodes
/// @param content what its nodes get
public record UplinkMonitor(
    String name,
    String uid,
    long generation,
    String created,
    Optional<JsonObject> nodeSelector,
    Content content) {
  /// Group and version of the API.
  public static final String API_VERSION = "podbond.dev/v1alpha1";

  /// The kind.
  public static final String KIND = "UplinkMonitor";

  /// The older one first; of two of one second the one whose name comes first.
  public static final Comparator<UplinkMonitor> BY_AGE =
      Comparator.comparing(UplinkMonitor::created).thenComparing(UplinkMonitor::name);

  private static final int MOST_PROBLEM_CHARS = 1000;

  /// The monitor of an object.
  public static UplinkMonitor of(JsonObject manifest) {
    return of(
        manifest,
        Optional.of(NodeSelection.selector(manifest)),
        content(LenientObject.object(manifest, "spec").without(NodeSelection.KEY)));
  }

  /// The monitor of an object whose `spec` was not read.
  ///
  /// @param head its manifest without the `spec`
  /// @param why it was not read
  public static UplinkMonitor unread(JsonObject head, String why) {
    return of(head, Optional.empty(), unusable(why));
  }

  private static UplinkMonitor of(
      JsonObject manifest, Optional<JsonObject> nodeSelector, Content content) {
    JsonObject metadata = LenientObject.object(manifest, "metadata");
    return new UplinkMonitor(
        LenientObject.text(metadata, "name").orElse(""),
        LenientObject.text(metadata, "uid").orElse(""),
        metadata.get("generation").orElse(metadata) instanceof JsonNumber number
            ? number.longValue()
            : 0,
        LenientObject.text(metadata, "creationTimestamp").orElse(""),
        nodeSelector,
        content);
  }

  /// As they are written, if a node's agent can read that: it has the same code.
  private static Content content(JsonObject settings) {
    try {
      UplinkSettings _ = UplinkSettings.parse(settings);
      return new Content.Settings(settings);
    } catch (JsonException | InvalidConfigException e) {
      return unusable(Objects.requireNonNullElse(e.getMessage(), "it is not understood"));
    }
  }

  private static Content unusable(String why) {
    return new Content.Unusable(Printable.head(Printable.line(why), MOST_PROBLEM_CHARS));
  }

  /// Whether it is for a node with these labels.
  boolean selects(Map<String, String> labels) {
    return nodeSelector.filter(wanted -> NodeSelection.matches(wanted, labels)).isPresent();
  }
}
