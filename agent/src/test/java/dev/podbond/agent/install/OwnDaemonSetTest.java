package dev.podbond.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.agent.install.OwnDaemonSet.Presence;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The DaemonSet counts as gone only if the API server itself says so.
final class OwnDaemonSetTest {
  private static final String NOT_FOUND =
      "{\"kind\": \"Status\", \"status\": \"Failure\", \"reason\": \"NotFound\", \"code\": 404}";

  @TempDir Path account;

  /// The presence that follows from one answer.
  private Presence presence(int status, String body) throws Exception {
    Files.writeString(account.resolve("token"), "a token");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering = Thread.ofVirtual().start(() -> answer(server, status, body));
      Presence presence =
          new OwnDaemonSet(
                  new ApiServer("http://127.0.0.1:" + server.getLocalPort(), account),
                  "podbond",
                  "podbond-agent")
              .presence();
      answering.join();
      return presence;
    }
  }

  private static void answer(ServerSocket server, int status, String body) {
    try (Socket peer = server.accept()) {
      byte[] request = new byte[4096];
      int _ = peer.getInputStream().read(request);
      peer.getOutputStream()
          .write(
              ("HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                      .formatted(status, body.length(), body))
                  .getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDaemonSetThatIsNotFoundIsGone() throws Exception {
    assertThat(presence(404, NOT_FOUND)).isEqualTo(new Presence.Gone("it is deleted"));
  }

  @Test
  void aDaemonSetBeingDeletedIsGone() throws Exception {
    assertThat(presence(200, "{\"metadata\": {\"deletionTimestamp\": \"2026-01-01T00:00:00Z\"}}"))
        .isEqualTo(new Presence.Gone("it is being deleted"));
    assertThat(presence(200, "{\"metadata\": {}}")).isEqualTo(new Presence.Wanted());
  }

  /// The token of a pod deleted by force is no longer valid, and an API server that has just
  /// started does not know the pod's rights yet.
  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 500, 503})
  void aRefusedRequestSaysNothing(int status) throws Exception {
    assertThat(presence(status, NOT_FOUND)).isInstanceOf(Presence.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "{}",
        "<html>no such page</html>",
        "{\"kind\": \"Status\", \"reason\": \"Forbidden\"}"
      })
  void anotherServersNotFoundSaysNothing(String body) throws Exception {
    assertThat(presence(404, body)).isInstanceOf(Presence.Unknown.class);
  }

  @Test
  void anAbsentServerSaysNothing() throws Exception {
    Files.writeString(account.resolve("token"), "a token");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = server.getLocalPort();
      server.close();
      assertThat(
              new OwnDaemonSet(
                      new ApiServer("http://127.0.0.1:" + port, account),
                      "podbond",
                      "podbond-agent")
                  .presence())
          .isInstanceOf(Presence.Unknown.class);
    }
  }
}
