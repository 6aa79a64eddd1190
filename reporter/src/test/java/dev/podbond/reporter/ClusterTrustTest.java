package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.https.certificate.CertificateAuthority;
import dev.podbond.https.certificate.ClientAuthority;
import dev.podbond.https.certificate.Issued;
import dev.podbond.https.certificate.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which API server a reporter trusts while the cluster's authorities are rotated: one that has a
/// certificate of those that are in its pod's file now. It does not restart for that.
final class ClusterTrustTest {
  @TempDir Path account;

  @BeforeEach
  void haveAToken() throws IOException {
    Files.writeString(account.resolve("token"), "a token");
  }

  /// A certificate for this machine, with its authority.
  private static CertificateAuthority.Pair issued() throws GeneralSecurityException {
    return CertificateAuthority.issue(
        "an API server", List.of("localhost"), Instant.now(), Duration.ofHours(1));
  }

  /// As kubelet does: the file is another one at once.
  private void trust(CertificateAuthority.Pair... pairs) throws Exception {
    StringBuilder pem = new StringBuilder();
    for (CertificateAuthority.Pair pair : pairs) {
      pem.append(Issued.pem("CERTIFICATE", pair.authority().getEncoded()));
    }
    Path next = Files.writeString(account.resolve("next"), pem);
    Files.move(next, account.resolve("ca.crt"), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Answers each request with an empty object.
  private static final class Server implements AutoCloseable {
    private final SSLServerSocket server;

    Server(CertificateAuthority.Pair pair) throws GeneralSecurityException, IOException {
      SSLContext context =
          ServerCertificate.context(
              Issued.pem("CERTIFICATE", pair.server().certificate().getEncoded()),
              Issued.pem("PRIVATE KEY", pair.server().key().getEncoded()),
              ClientAuthority.of(Optional.empty()));
      server =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofPlatform().daemon().start(this::serve);
    }

    String address() {
      return "https://localhost:" + server.getLocalPort();
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket peer = server.accept()) {
          int ends = 0;
          for (int c = peer.getInputStream().read(); c >= 0; c = peer.getInputStream().read()) {
            ends = c == '\n' ? ends + 1 : c == '\r' ? ends : 0;
            if (ends == 2) {
              break;
            }
          }
          peer.getOutputStream()
              .write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
                      .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
          // Closed, or the peer does not trust us.
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static void assertAnswers(ApiServer server) throws IOException {
    assertThat(server.get("/version").status()).isEqualTo(200);
  }

  private static void assertIsRefused(ApiServer server) {
    assertThatThrownBy(() -> server.get("/version")).isInstanceOf(SSLException.class);
  }

  /// First the file has both, then the server gets its certificate, then the old one goes.
  @Test
  void itGoesOnWhileAuthoritiesAreRotated() throws Exception {
    CertificateAuthority.Pair old = issued();
    CertificateAuthority.Pair next = issued();
    try (Server before = new Server(old);
        Server after = new Server(next)) {
      ApiServer earlier = new ApiServer(before.address(), account);
      ApiServer later = new ApiServer(after.address(), account);
      trust(old);
      assertAnswers(earlier);
      assertAnswers(earlier);
      assertIsRefused(later);

      trust(old, next);
      assertAnswers(earlier);
      assertAnswers(later);

      trust(next);
      assertAnswers(later);
      assertAnswers(later);
    }
  }

  /// A connection that could go on with a session of before is none.
  @Test
  void whoWasTrustedUnderAnEarlierAuthorityIsNotAnyMore() throws Exception {
    CertificateAuthority.Pair old = issued();
    try (Server server = new Server(old)) {
      ApiServer asked = new ApiServer(server.address(), account);
      trust(old);
      assertAnswers(asked);
      assertAnswers(asked);

      trust(issued());
      assertIsRefused(asked);
      assertIsRefused(asked);

      trust(old);
      assertAnswers(asked);
    }
  }
}
