package dev.podbond.operator.reconcile;

import dev.podbond.cluster.assess.BondStatus;
import dev.podbond.cluster.sriov.Members;
import dev.podbond.json.JsonObject;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Events of an object whose conditions change, as `kubectl describe` shows them.
final class ConditionEvents {
  /// The API server's limit of an event's message.
  private static final int MAX_MESSAGE = 1024;

  private final KubernetesClient client;

  ConditionEvents(KubernetesClient client) {
    this.client = client;
  }

  /// One event for each reason that is new; Ready goes before Degraded, which often has the same.
  void report(HasMetadata object, JsonObject before, JsonObject now) {
    Set<Optional<String>> told = new HashSet<>();
    for (JsonObject condition : Members.objects(now, "conditions")) {
      Optional<String> reason = Members.text(condition, "reason");
      boolean isNew =
          Members.objects(before, "conditions").stream()
              .filter(old -> old.get("type").equals(condition.get("type")))
              .noneMatch(old -> Members.text(old, "reason").equals(reason));
      if (isNew && told.add(reason)) {
        send(object, condition, isBad(condition));
      }
    }
  }

  private static boolean isBad(JsonObject condition) {
    boolean holds = Members.text(condition, "status").equals(Optional.of("True"));
    return Members.text(condition, "type").equals(Optional.of(BondStatus.READY)) != holds;
  }

  private void send(HasMetadata object, JsonObject condition, boolean bad) {
    String message = Members.text(condition, "message").orElse("");
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withGenerateName(object.getMetadata().getName() + ".")
                .withNamespace(object.getMetadata().getNamespace())
                .endMetadata()
                .withType(bad ? "Warning" : "Normal")
                .withReason(Members.text(condition, "reason").orElse(""))
                .withMessage(
                    message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE))
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(Resources.FIELD_MANAGER)
                .endSource()
                .withNewInvolvedObject()
                .withApiVersion(object.getApiVersion())
                .withKind(object.getKind())
                .withName(object.getMetadata().getName())
                .withNamespace(object.getMetadata().getNamespace())
                .withUid(object.getMetadata().getUid())
                .endInvolvedObject()
                .build())
        .create();
  }
}
