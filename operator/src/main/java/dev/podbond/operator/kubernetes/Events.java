package dev.podbond.operator.kubernetes;

import dev.podbond.json.Printable;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Events, as `kubectl describe` shows them beside their object.
public final class Events {
  /// The API server's limit of an event's message.
  private static final int MAX_MESSAGE = 1024;

  private Events() {}

  /// A warning about an object for which the name is enough.
  public static Event warning(
      String kind,
      String apiVersion,
      String namespace,
      String name,
      String reason,
      String message) {
    return of(
        new ObjectReferenceBuilder()
            .withApiVersion(apiVersion)
            .withKind(kind)
            .withName(name)
            .withNamespace(namespace)
            .build(),
        "Warning",
        reason,
        message);
  }

  /// An event of a pod, related to its node.
  ///
  /// @param uid the pod's
  /// @param bad whether it is a warning
  public static Event ofPod(
      String namespace,
      String name,
      String uid,
      String node,
      boolean bad,
      String reason,
      String message) {
    ObjectReference pod =
        new ObjectReferenceBuilder()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(name)
            .withNamespace(namespace)
            .withUid(uid)
            .build();
    Event event = of(pod, bad ? "Warning" : "Normal", reason, message);
    event.setRelated(node(node));
    return event;
  }

  /// An event of a node.
  ///
  /// @param bad whether it is a warning
  public static Event ofNode(String name, boolean bad, String reason, String message) {
    Event event = of(node(name), bad ? "Warning" : "Normal", reason, message);
    // Events of what has no namespace are there.
    event.getMetadata().setNamespace("default");
    return event;
  }

  /// By the name in place of the UID, as kubelet does, which `kubectl describe node` looks for.
  private static ObjectReference node(String name) {
    return new ObjectReferenceBuilder()
        .withApiVersion("v1")
        .withKind("Node")
        .withName(name)
        .withUid(name)
        .build();
  }

  /// An event of an object.
  ///
  /// @param bad whether it is a warning
  public static Event of(HasMetadata object, boolean bad, String reason, String message) {
    return of(
        new ObjectReferenceBuilder()
            .withApiVersion(object.getApiVersion())
            .withKind(object.getKind())
            .withName(object.getMetadata().getName())
            .withNamespace(object.getMetadata().getNamespace())
            .withUid(object.getMetadata().getUid())
            .build(),
        bad ? "Warning" : "Normal",
        reason,
        message);
  }

  private static Event of(ObjectReference object, String type, String reason, String message) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName(object.getName() + ".")
        .withNamespace(object.getNamespace())
        .endMetadata()
        .withType(type)
        .withReason(reason)
        .withMessage(Printable.head(message, MAX_MESSAGE))
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .withNewSource()
        .withComponent(Resources.FIELD_MANAGER)
        .endSource()
        .withInvolvedObject(object)
        .build();
  }
}
