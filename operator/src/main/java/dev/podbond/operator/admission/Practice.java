package dev.podbond.operator.admission;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Requests that a server asks itself before the API server asks: a JVM loads and compiles what all
/// requests use with the first of them, and on a busy node that took longer than the API server
/// waits. A pod whose webhook does not answer is then refused, or made without its bond.
final class Practice {
  /// As many as compile what they use, on a processor that has time for them.
  static final int ROUNDS = 30;

  /// A server that is slower is of more use while it answers.
  static final Duration LIMIT = Duration.ofSeconds(15);

  static final int CONNECTIONS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String POD =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
       "request": {"uid": "practice", "operation": "CREATE", "namespace": "practice",
        "object": {
         "metadata": {"name": "practice", "namespace": "practice", "annotations": {
          "k8s.v1.cni.cncf.io/networks":
           "[{\\"name\\": \\"practice\\", \\"interface\\": \\"bond0\\"}]"}},
         "spec": {"containers": [{"name": "practice", "resources": {"requests": {"cpu": "1"}}}]}}}}
      """;

  private static final String BOND =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
       "request": {"uid": "practice", "operation": "CREATE", "namespace": "practice",
        "object": {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNetwork",
         "metadata": {"name": "practice", "namespace": "practice"},
         "spec": {"mode": "active-backup", "mtu": 9000,
          "members": [{"sriovNetwork": "practice-a"}, {"sriovNetwork": "practice-b"}],
          "ipam": {"type": "whereabouts", "range": "192.0.2.0/24"}}}}}
      """;

  private static final String ATTACHMENT =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
       "request": {"uid": "practice", "operation": "CREATE", "namespace": "practice",
        "object": {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
         "metadata": {"name": "practice", "namespace": "practice"},
         "spec": {"config":
          "{\\"cniVersion\\": \\"1.0.0\\", \\"name\\": \\"practice\\", \\"type\\": \\"bond\\", \
      \\"mode\\": \\"active-backup\\", \\"miimon\\": \\"100\\", \\"linksInContainer\\": true, \
      \\"links\\": [{\\"name\\": \\"net1\\"}, {\\"name\\": \\"net2\\"}]}"}}}}
      """;

  private Practice() {}

  /// What a webhook is asked.
  ///
  /// @param path of the webhook
  static byte[] review(String path) {
    return bytes(
        switch (path) {
          case "/mutate/pods", "/validate/pods" -> POD;
          case "/validate/bondnetworks" -> BOND;
          default -> ATTACHMENT;
        });
  }

  /// Asks by TLS as the API server does. Where clients need a certificate the connections end with
  /// their handshake, which is what takes longest.
  ///
  /// @param port of a server on this machine
  /// @throws IOException if the server does not answer
  /// @throws GeneralSecurityException if this JVM cannot do TLS
  static void connect(int port) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    byte[] request = request("/validate/bondnetworks", BOND);
    for (int i = 0; i < CONNECTIONS; i++) {
      try (Socket connection = context.getSocketFactory().createSocket()) {
        connection.connect(server, (int) PATIENCE.toMillis());
        connection.setSoTimeout((int) PATIENCE.toMillis());
        OutputStream out = connection.getOutputStream();
        out.write(request);
        out.flush();
        connection.getInputStream().readAllBytes();
      }
    }
  }

  private static byte[] request(String path, String review) {
    return bytes(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
            + bytes(review).length
            + "\r\n\r\n"
            + review);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// It asks itself, tells no secret, and does not look at the answer.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
