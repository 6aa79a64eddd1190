package dev.podbond.https.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.https.serve.Answer;
import dev.podbond.https.serve.HttpServer;
import dev.podbond.https.serve.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may use the webhooks if the API server presents a certificate to them: over TLS, with
/// certificates of a real authority and of another with the same name.
final class ClientAuthorityTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path directory;
  private static KeyStore keys;
  private static CertificateAuthority.Pair pair;

  private final AtomicInteger asked = new AtomicInteger();
  private final List<HttpServer> servers = new ArrayList<>();

  @BeforeAll
  static void issue() throws Exception {
    Path store = directory.resolve("keys");
    for (String authority : List.of("authority", "stranger")) {
      keytool(store, "-alias", authority, "-dname", "CN=cluster", "-ext", "bc:c");
    }
    keytool(store, "-alias", "apiserver", "-dname", "CN=apiserver", "-signer", "authority");
    keytool(store, "-alias", "impostor", "-dname", "CN=apiserver", "-signer", "stranger");
    keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    pair =
        CertificateAuthority.issue(
            "podbond webhook", List.of("localhost"), Instant.now(), Duration.ofDays(1));
  }

  @AfterEach
  void end() {
    servers.forEach(HttpServer::close);
  }

  @Test
  void whoeverTheAuthorityVouchesForIsAnswered() throws Exception {
    int port = serve(Optional.of(pem("authority")));

    assertThat(ask(port, Optional.of("apiserver"))).startsWith("HTTP/1.1 200 ").endsWith("asked");
    assertThat(asked).hasValue(1);
  }

  @Test
  void nobodyElseIs() throws Exception {
    int port = serve(Optional.of(pem("authority")));

    assertThat(ask(port, Optional.empty())).doesNotContain("HTTP/1.1 200");
    assertThat(ask(port, Optional.of("impostor"))).doesNotContain("HTTP/1.1 200");
    assertThat(asked).hasValue(0);
    // They have cost others nothing.
    assertThat(ask(port, Optional.of("apiserver"))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void severalAuthoritiesMayVouch() throws Exception {
    int port = serve(Optional.of(pem("stranger") + pem("authority")));

    assertThat(ask(port, Optional.of("apiserver"))).startsWith("HTTP/1.1 200 ");
    assertThat(ask(port, Optional.of("impostor"))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void withoutOneAnybodyIsAnswered() throws Exception {
    assertThat(ask(serve(Optional.empty()), Optional.empty())).startsWith("HTTP/1.1 200 ");
  }

  /// An operator must not start if it would answer any client against its settings.
  @Test
  void aFileWithoutACertificateIsNoAuthority() throws Exception {
    for (String text : List.of("", "no certificate\n")) {
      Path file = Files.writeString(directory.resolve("ca.crt"), text);
      assertThatThrownBy(() -> ClientAuthority.of(Optional.of(file)))
          .isInstanceOf(GeneralSecurityException.class);
    }
    assertThatThrownBy(() -> ClientAuthority.of(Optional.of(directory.resolve("none"))))
        .isInstanceOf(IOException.class);
  }

  private int serve(Optional<String> authorities) throws Exception {
    Optional<Path> file = Optional.empty();
    if (authorities.isPresent()) {
      file = Optional.of(Files.writeString(directory.resolve("ca.crt"), authorities.get()));
    }
    ClientAuthority clients = ClientAuthority.of(file);
    SSLContext context =
        ServerCertificate.context(
            Issued.pem("CERTIFICATE", pair.server().certificate().getEncoded()),
            Issued.pem("PRIVATE KEY", pair.server().key().getEncoded()),
            clients);
    HttpServer server =
        new HttpServer(
            "test",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Limits(8, Duration.ofMinutes(1), Duration.ofMinutes(1), 1024, 1024, 1024, 8 << 10),
            Optional.of(new HttpServer.Tls(() -> context, clients.isRequired())),
            Thread.ofVirtual().factory(),
            _ -> {
              asked.incrementAndGet();
              return Answer.plain(200, "asked");
            });
    server.start();
    servers.add(server);
    return server.port();
  }

  /// The server's answer to a client; empty if it hangs up.
  ///
  /// @param alias of the client's certificate
  private static String ask(int port, Optional<String> alias) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", pair.authority());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManager[] presented = {};
    if (alias.isPresent()) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      own.setKeyEntry(
          "client",
          keys.getKey(alias.get(), PASSWORD.toCharArray()),
          PASSWORD.toCharArray(),
          keys.getCertificateChain(alias.get()));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(own, PASSWORD.toCharArray());
      presented = factory.getKeyManagers();
    }
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] trusting = trust.getTrustManagers();
    context.init(presented, trusting, null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException _) {
      return "";
    }
  }

  private static String pem(String alias) throws Exception {
    Certificate certificate = keys.getCertificate(alias);
    assertThat(((X509Certificate) certificate).getSubjectX500Principal().getName())
        .isEqualTo("CN=cluster");
    return Issued.pem("CERTIFICATE", certificate.getEncoded());
  }

  private static void keytool(Path store, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
