package dev.podbond.agent.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What whoever answers in the API server's place can do to whoever asks.
final class ApiServerTest {
  @TempDir Path account;

  /// Each octet alone comes in time.
  @Test
  void whoeverSendsAnOctetNowAndThenIsGivenUp() throws Exception {
    Files.writeString(account.resolve("token"), "a token");
    CountDownLatch hungUp = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> drip(server, hungUp));
      ApiServer asked =
          new ApiServer(
              "http://127.0.0.1:" + server.getLocalPort(),
              new ServiceAccount(account),
              Duration.ofMillis(300));
      assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () ->
              assertThatThrownBy(() -> asked.get("/api/v1/nodes/n1"))
                  .isInstanceOf(SocketTimeoutException.class)
                  .hasMessage("no whole answer within 300 ms"));
      assertThat(hungUp.await(1, TimeUnit.MINUTES)).as("the connection is closed").isTrue();
    }
  }

  private static void drip(ServerSocket server, CountDownLatch hungUp) {
    try (Socket asker = server.accept()) {
      for (byte octet : "HTTP/1.1 200 OK\r\nServer: ".getBytes(StandardCharsets.US_ASCII)) {
        asker.getOutputStream().write(octet);
      }
      while (true) {
        asker.getOutputStream().write('x');
        Thread.sleep(20);
      }
    } catch (IOException _) {
      hungUp.countDown();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
