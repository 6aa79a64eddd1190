package dev.podbond.agent.install;

import dev.podbond.agent.apiserver.ApiReply;
import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;

/// Asks the API server whether the DaemonSet of this pod is still wanted. A pod that is told to end
/// cannot know by itself whether a successor follows (a rollout) or not (Podbond is uninstalled).
record OwnDaemonSet(ApiServer server, String namespace, String name) {
  /// The API server's answer about the DaemonSet.
  sealed interface Presence {
    /// A successor follows.
    record Wanted() implements Presence {}

    /// It is deleted, or is being deleted.
    record Gone(String how) implements Presence {}

    /// The API server gave no clear answer.
    record Unknown(String why) implements Presence {}
  }

  /// The DaemonSet of a pod with this environment; empty outside a cluster.
  static Optional<OwnDaemonSet> of(Map<String, String> environment) {
    String name = environment.getOrDefault("PODBOND_DAEMONSET", "");
    return ApiServer.of(environment)
        .filter(_ -> !name.isEmpty())
        .map(server ->
            new OwnDaemonSet(
                server, environment.getOrDefault("PODBOND_NAMESPACE", "podbond"), name));
  }

  Presence presence() {
    try {
      ApiReply reply = server.get("/apis/apps/v1/namespaces/" + namespace + "/daemonsets/" + name);
      return switch (reply.status()) {
        case HttpURLConnection.HTTP_OK -> presence(reply.object());
        // Only the API server's own statement that there is no such object counts.
        case HttpURLConnection.HTTP_NOT_FOUND ->
            reply.saysNotFound()
                ? new Presence.Gone("it is deleted")
                : new Presence.Unknown(
                    "the API server answers 404, but does not say that the DaemonSet was not found");
        // The API server also answers so for the token of a pod that was deleted by force, and
        // while it does not know the pod's rights yet after its start.
        case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
            new Presence.Unknown(
                "the API server does not let this pod ask (status "
                    + reply.status()
                    + "), which says nothing about the DaemonSet");
        default -> new Presence.Unknown("the API server answers with status " + reply.status());
      };
    } catch (IOException | JsonException e) {
      return new Presence.Unknown("the API server cannot be asked: " + IoReason.withFile(e));
    }
  }

  private static Presence presence(JsonObject daemonSet) {
    boolean deleted =
        daemonSet.get("metadata").orElse(daemonSet) instanceof JsonObject metadata
            && metadata.get("deletionTimestamp").isPresent();
    return deleted ? new Presence.Gone("it is being deleted") : new Presence.Wanted();
  }
}
