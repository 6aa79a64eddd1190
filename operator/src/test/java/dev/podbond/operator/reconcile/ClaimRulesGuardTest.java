package dev.podbond.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.podbond.cluster.claim.ClaimRules;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The first question of an operator, on a node that has no time for it.
@Timeout(60)
final class ClaimRulesGuardTest {
  private static final String VERSION = "{\"major\": \"1\", \"minor\": \"36\"}";

  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final ClaimRulesGuard guard;
  private int unanswered;
  private int code = 200;

  ClaimRulesGuardTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/version", this::answer);
    server.start();
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .withRequestTimeout(1000)
                    .build())
            .build();
    guard = new ClaimRulesGuard(client, "vfs", ClaimRules.Comparison.AUTO);
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.close();
  }

  @Test
  void asksAgainUntilThereIsAnAnswer() {
    unanswered = 2;

    assertThat(guard.rules()).isEqualTo(new ClaimRules("vfs", true));
    assertThat(asked).hasValue(3);
  }

  @Test
  void takesARefusalForAnAnswer() {
    code = 403;

    assertThatThrownBy(guard::rules).isInstanceOf(KubernetesClientException.class);
    assertThat(asked).hasValue(1);
  }

  @Test
  void givesUpAfterAMinute() {
    unanswered = Integer.MAX_VALUE;

    assertThatThrownBy(guard::rules).isInstanceOf(KubernetesClientException.class);
    assertThat(asked).hasValue(6);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (asked.incrementAndGet() <= unanswered) {
        end.await();
        return;
      }
      byte[] bytes = VERSION.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(code, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
