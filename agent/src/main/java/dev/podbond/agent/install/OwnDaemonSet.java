package dev.podbond.agent.install;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Asks the API server whether the DaemonSet of this pod is still wanted. A pod that is told to end
/// cannot know by itself whether a successor follows (a rollout) or not (Podbond is uninstalled).
///
/// @param server such as "https://10.0.0.1:443"
/// @param account the files that kubelet mounts for the pod's service account
record OwnDaemonSet(String server, Path account, String namespace, String name) {
  private static final int TIMEOUT_MILLIS = 5000;
  private static final int MAX_STATUS_BYTES = 64 * 1024;

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
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String name = environment.getOrDefault("PODBOND_DAEMONSET", "");
    if (host.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new OwnDaemonSet(
            "https://"
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"),
            Path.of("/var/run/secrets/kubernetes.io/serviceaccount"),
            environment.getOrDefault("PODBOND_NAMESPACE", "podbond"),
            name));
  }

  Presence presence() {
    try {
      HttpURLConnection connection = connection();
      int status = connection.getResponseCode();
      return switch (status) {
        case HttpURLConnection.HTTP_OK -> {
          try (var body = connection.getInputStream()) {
            yield presence(Json.parseObject(body.readAllBytes()));
          }
        }
        case HttpURLConnection.HTTP_NOT_FOUND -> {
          try (var body = connection.getErrorStream()) {
            yield absence(body);
          }
        }
        // The API server also answers so for the token of a pod that was deleted by force, and
        // while it does not know the pod's rights yet after its start.
        case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
            new Presence.Unknown(
                "the API server does not let this pod ask (status "
                    + status
                    + "), which says nothing about the DaemonSet");
        default -> new Presence.Unknown("the API server answers with status " + status);
      };
    } catch (IOException | GeneralSecurityException | JsonException e) {
      return new Presence.Unknown("the API server cannot be asked: " + IoReason.withFile(e));
    }
  }

  /// Accepts only the API server's own statement that there is no such object: any other web server
  /// in its place can answer 404 too.
  private static Presence absence(@Nullable InputStream body) throws IOException, JsonException {
    JsonObject status =
        body == null ? JsonObject.of() : Json.parseObject(body.readNBytes(MAX_STATUS_BYTES));
    return status.get("kind").orElse(status).equals(new JsonString("Status"))
            && status.get("reason").orElse(status).equals(new JsonString("NotFound"))
        ? new Presence.Gone("it is deleted")
        : new Presence.Unknown(
            "the API server answers 404, but does not say that the DaemonSet was not found");
  }

  private static Presence presence(JsonObject daemonSet) {
    boolean deleted =
        daemonSet.get("metadata").orElse(daemonSet) instanceof JsonObject metadata
            && metadata.get("deletionTimestamp").isPresent();
    return deleted ? new Presence.Gone("it is being deleted") : new Presence.Wanted();
  }

  private HttpURLConnection connection() throws IOException, GeneralSecurityException {
    URI uri = URI.create(server + "/apis/apps/v1/namespaces/" + namespace + "/daemonsets/" + name);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(trustingTheCluster().getSocketFactory());
    }
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setRequestProperty(
        "Authorization", "Bearer " + Files.readString(account.resolve("token")).strip());
    return connection;
  }

  private SSLContext trustingTheCluster() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var file = Files.newInputStream(account.resolve("ca.crt"))) {
      Collection<? extends Certificate> authorities =
          CertificateFactory.getInstance("X.509").generateCertificates(file);
      for (Certificate authority : authorities) {
        trusted.setCertificateEntry("authority" + trusted.size(), authority);
      }
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
