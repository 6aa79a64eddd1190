package dev.podbond.operator.reconcile;

import dev.podbond.cluster.assess.BondStatus;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.kubernetes.Events;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Events of an object whose conditions change, as `kubectl describe` shows them.
final class ConditionEvents {
  private final KubernetesClient client;

  ConditionEvents(KubernetesClient client) {
    this.client = client;
  }

  /// Sends one event for each new reason; Ready precedes Degraded, since they often have the same
  /// reason.
  void report(HasMetadata object, JsonObject before, JsonObject now) {
    Set<Optional<String>> told = new HashSet<>();
    for (JsonObject condition : LenientObject.objects(now, "conditions")) {
      Optional<String> reason = LenientObject.text(condition, "reason");
      boolean isNew =
          LenientObject.objects(before, "conditions").stream()
              .filter(old -> old.get("type").equals(condition.get("type")))
              .noneMatch(old -> LenientObject.text(old, "reason").equals(reason));
      if (isNew && told.add(reason)) {
        send(
            object,
            isBad(condition),
            reason.orElse(""),
            LenientObject.text(condition, "message").orElse(""));
      }
    }
  }

  private static boolean isBad(JsonObject condition) {
    boolean holds = LenientObject.text(condition, "status").equals(Optional.of("True"));
    return LenientObject.text(condition, "type").equals(Optional.of(BondStatus.READY)) != holds;
  }

  /// Sends one warning event.
  void warn(HasMetadata object, String reason, String message) {
    send(object, true, reason, message);
  }

  private void send(HasMetadata object, boolean bad, String reason, String message) {
    client.resource(Events.of(object, bad, reason, message)).create();
  }
}
