package dev.podbond.agent.apiserver;

import dev.podbond.agent.wire.TimeLimit;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/// The API server, for a request now and then. Each has a connection of its own.
///
/// @param server such as "https://10.0.0.1:443"
/// @param account as whom it is asked
/// @param limit the time for a request and its whole answer
public record ApiServer(String server, ServiceAccount account, Duration limit) {
  private static final Path USUAL_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /// An API server answers within a second, and a busy one within some. Whoever answers in its
  /// place may send an octet now and then.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// The limit for each step of it, so that a server that is away is noticed earlier.
  private static final int STEP_MILLIS = 5000;

  /// An object is never longer; what else may answer in the API server's place is.
  private static final int MOST_BYTES = 2 * 1024 * 1024;

  /// An API server that has 10 s for an answer.
  ///
  /// @param account the directory with the files of the service account
  public ApiServer(String server, Path account) {
    this(server, new ServiceAccount(account), LIMIT);
  }

  /// The API server of a pod with this environment; empty outside a cluster.
  public static Optional<ApiServer> of(Map<String, String> environment) {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    return host.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ApiServer(
                "https://"
                    + (host.contains(":") ? "[" + host + "]" : host)
                    + ":"
                    + environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"),
                USUAL_ACCOUNT));
  }

  /// Reads an object.
  ///
  /// @param path such as "/api/v1/nodes/n1"
  /// @throws IOException if there is no whole answer in time, or it is too long
  public ApiReply get(String path) throws IOException {
    return ask("GET", path, Optional.empty());
  }

  /// Makes an object (POST).
  ///
  /// @throws IOException as for [#get]
  public ApiReply post(String path, JsonObject object) throws IOException {
    return ask("POST", path, Optional.of(object));
  }

  /// Replaces an object (PUT).
  ///
  /// @throws IOException as for [#get]
  public ApiReply put(String path, JsonObject object) throws IOException {
    return ask("PUT", path, Optional.of(object));
  }

  private ApiReply ask(String method, String path, Optional<JsonObject> object) throws IOException {
    return TimeLimit.ofSocket(limit, () -> askAtOnce(method, path, object));
  }

  private ApiReply askAtOnce(String method, String path, Optional<JsonObject> object)
      throws IOException {
    HttpURLConnection connection = connection(path);
    connection.setRequestMethod(method);
    if (object.isPresent()) {
      byte[] body = object.get().toString().getBytes(StandardCharsets.UTF_8);
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setFixedLengthStreamingMode(body.length);
      try (var out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    int status = connection.getResponseCode();
    try (InputStream body =
        status < HttpURLConnection.HTTP_BAD_REQUEST
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      return new ApiReply(status, bytes(body));
    }
  }

  private static byte[] bytes(@Nullable InputStream body) throws IOException {
    if (body == null) {
      return new byte[0];
    }
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("it answers with more than " + MOST_BYTES + " bytes");
    }
    return bytes;
  }

  private HttpURLConnection connection(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(server + path).toURL().openConnection();
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(account.connections());
    }
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(STEP_MILLIS);
    connection.setReadTimeout(STEP_MILLIS);
    connection.setRequestProperty("Connection", "close");
    connection.setRequestProperty("Accept", "application/json");
    connection.setRequestProperty("Authorization", "Bearer " + account.token());
    return connection;
  }
}
