package dev.podbond.reporter;

import dev.podbond.agent.apiserver.ApiReply;
import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.cluster.nodestate.NodeState;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;

/// The BondNodeState of a node at the API server.
record NodeObject(ApiServer server, String node) {
  private static final String OBJECTS = "/apis/podbond.dev/v1alpha1/bondnodestates";
  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;

  /// What is stored.
  ///
  /// @param resourceVersion of the object; a write is refused if it has another by then
  record Stored(String resourceVersion, NodeState state) {}

  /// The object as it is stored; empty if there is none.
  Optional<Stored> read() throws ReportException {
    try {
      ApiReply reply = server.get(path());
      return reply.saysNotFound() ? Optional.empty() : Optional.of(stored(reply));
    } catch (IOException | JsonException e) {
      throw failure(e);
    }
  }

  /// Makes the object, without a state, and owned by its Node, so that it goes with it.
  Stored create() throws ReportException {
    try {
      JsonObject owner =
          JsonObject.builder()
              .put("apiVersion", "v1")
              .put("kind", "Node")
              .put("name", node)
              .put("uid", uidOfNode())
              .build();
      return stored(
          server.post(
              OBJECTS,
              object(
                      JsonObject.builder()
                          .put("name", node)
                          .put("ownerReferences", JsonArray.of(owner))
                          .build())
                  .build()));
    } catch (IOException | JsonException e) {
      throw failure(e);
    }
  }

  private String uidOfNode() throws IOException, JsonException, ReportException {
    ApiReply reply = server.get("/api/v1/nodes/" + node);
    return LenientObject.text(LenientObject.object(taken(reply), "metadata"), "uid")
        .orElseThrow(() -> new ReportException("the API server tells no uid of node " + node));
  }

  /// Writes a state into the object.
  ///
  /// @return what is stored now; empty if the object has changed since or is gone, and has to be
  ///   read anew
  Optional<Stored> write(Stored before, NodeState state) throws ReportException {
    JsonObject metadata =
        JsonObject.builder()
            .put("name", node)
            .put("resourceVersion", before.resourceVersion())
            .build();
    try {
      ApiReply reply =
          server.put(path() + "/status", object(metadata).put("status", state.toJson()).build());
      return reply.status() == HttpURLConnection.HTTP_CONFLICT || reply.saysNotFound()
          ? Optional.empty()
          : Optional.of(new Stored(resourceVersion(taken(reply)), state));
    } catch (IOException | JsonException e) {
      throw failure(e);
    }
  }

  private static JsonObject.Builder object(JsonObject metadata) {
    return JsonObject.builder()
        .put("apiVersion", "podbond.dev/v1alpha1")
        .put("kind", "BondNodeState")
        .put("metadata", metadata);
  }

  private String path() {
    return OBJECTS + "/" + node;
  }

  private static Stored stored(ApiReply reply) throws JsonException, ReportException {
    JsonObject object = taken(reply);
    return new Stored(
        resourceVersion(object), NodeState.of(LenientObject.object(object, "status")));
  }

  private static String resourceVersion(JsonObject object) {
    return LenientObject.text(LenientObject.object(object, "metadata"), "resourceVersion")
        .orElse("");
  }

  private static JsonObject taken(ApiReply reply) throws JsonException, ReportException {
    if (reply.status() == HttpURLConnection.HTTP_OK
        || reply.status() == HttpURLConnection.HTTP_CREATED) {
      return reply.object();
    }
    throw new ReportException(refusal(reply));
  }

  private static String refusal(ApiReply reply) {
    String said = reply.message().isEmpty() ? "" : ": " + reply.message();
    return switch (reply.status()) {
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "the API server knows no BondNodeState, or no such node"
              + said
              + "; apply the kinds of this release's chart";
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "the API server refuses it"
              + said
              + "; install the chart with agent.nodeState.enabled=true, which gives the service"
              + " account podbond-agent this right on a node of its own";
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the API server does not accept this pod's token"
              + said
              + "; delete the pod if that does not end by itself";
      case UNPROCESSABLE ->
          "the API server finds the state invalid"
              + said
              + "; apply the kinds of this release's chart";
      case TOO_MANY_REQUESTS -> "the API server has too much to do" + said;
      default -> "the API server answers with status " + reply.status() + said;
    };
  }

  private static ReportException failure(Exception e) {
    return new ReportException("the API server cannot be asked: " + IoReason.withFile(e));
  }
}
