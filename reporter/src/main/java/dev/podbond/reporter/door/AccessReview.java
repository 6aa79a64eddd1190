package dev.podbond.reporter.door;

import dev.podbond.agent.apiserver.ApiReply;
import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.Optional;

/// Asks the API server whose a token is (TokenReview), and whether he may `get` the path /metrics
/// (SubjectAccessReview). So the cluster's own rights say who reads metrics, as for each of
/// Kubernetes' own servers.
record AccessReview(ApiServer server) {
  static final String TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews";
  static final String ACCESS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

  /// Two requests, each with a connection of its own; up to 20 s if nobody answers.
  ///
  /// @throws UndecidedException if the API server does not say
  Verdict of(String token) throws UndecidedException {
    JsonObject known =
        status(
            TOKENS,
            review("authentication", "TokenReview", JsonObject.builder().put("token", token)));
    if (!isTrue(known, "authenticated")) {
      return Verdict.UNKNOWN;
    }
    JsonObject user = LenientObject.object(known, "user");
    JsonObject access =
        status(
            ACCESS,
            review(
                "authorization",
                "SubjectAccessReview",
                JsonObject.builder()
                    .putIfPresent("user", user.get("username"))
                    .putIfPresent("uid", user.get("uid"))
                    .putIfPresent("groups", user.get("groups"))
                    .putIfPresent("extra", user.get("extra"))
                    .put(
                        "nonResourceAttributes",
                        JsonObject.builder().put("path", "/metrics").put("verb", "get").build())));
    return isTrue(access, "allowed") && !isTrue(access, "denied")
        ? Verdict.ALLOWED
        : Verdict.FORBIDDEN;
  }

  private static JsonObject review(String group, String kind, JsonObject.Builder spec) {
    return JsonObject.builder()
        .put("apiVersion", group + ".k8s.io/v1")
        .put("kind", kind)
        .put("spec", spec.build())
        .build();
  }

  private static boolean isTrue(JsonObject status, String key) {
    return status.get(key).equals(Optional.of(JsonBoolean.TRUE));
  }

  private JsonObject status(String path, JsonObject review) throws UndecidedException {
    try {
      ApiReply reply = server.post(path, review);
      if (reply.status() == HttpURLConnection.HTTP_CREATED
          || reply.status() == HttpURLConnection.HTTP_OK) {
        return LenientObject.object(reply.object(), "status");
      }
      throw undecided(refusal(reply));
    } catch (IOException | JsonException e) {
      throw undecided("the API server cannot be asked: " + IoReason.withFile(e));
    }
  }

  private static UndecidedException undecided(String reason) {
    return new UndecidedException(
        "the API server does not say now whether you may; the log of the container reporter says"
            + " more",
        "nobody gets metrics: " + reason);
  }

  private static String refusal(ApiReply reply) {
    String said = reply.message().isEmpty() ? "" : ": " + reply.message();
    return switch (reply.status()) {
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "the API server does not let the reporter ask who you are"
              + said
              + "; install the chart with agent.secureMetrics.enabled=true, which gives the service"
              + " account podbond-agent this right";
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the API server does not accept the reporter's own token"
              + said
              + "; delete its pod if that does not end by itself";
      default -> "the API server answers with status " + reply.status() + said;
    };
  }
}
