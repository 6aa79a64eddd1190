package dev.podbond.cli.watch;

import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonObject;
import java.util.Optional;

/// One thing that happened to a bond.
///
/// @param at when, in UTC
/// @param change what is different, in words
/// @param cause why; empty if the node cannot tell
/// @param now how the bond is since; empty if something else happened after it
public record BondEvent(
    String at, String pod, String bond, String change, String cause, Optional<Health> now) {
  /// The event for people, in one line if its names are.
  public String line() {
    return "%s %s %s: %s%s%s"
        .formatted(
            at.isEmpty() ? "-" : at,
            pod,
            bond,
            change,
            cause.isEmpty() ? "" : "; " + cause,
            now.map(health -> "; now " + health).orElse(""));
  }

  /// The event for programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("at", at)
        .put("pod", pod)
        .put("bond", bond)
        .put("change", change)
        .put("cause", cause)
        .put("health", now.map(Health::toString).orElse(""))
        .build();
  }
}
