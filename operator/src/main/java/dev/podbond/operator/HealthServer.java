package dev.podbond.operator;

import dev.podbond.https.serve.Answer;
import dev.podbond.https.serve.HttpServer;
import dev.podbond.https.serve.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// `/healthz` and `/readyz`, for kubelet, on a separate port with separate threads: it answers
/// however busy the webhooks are.
final class HealthServer {
  private static final Limits LIMITS = Limits.withoutBodies(32, Duration.ofSeconds(5));

  private HealthServer() {}

  /// @param alive whether the process can go on
  /// @param ready whether the process can answer requests
  static HttpServer start(int port, BooleanSupplier alive, BooleanSupplier ready)
      throws IOException {
    HttpServer server =
        new HttpServer(
            "health",
            new InetSocketAddress(port),
            LIMITS,
            Optional.empty(),
            Thread.ofPlatform().daemon().name("health-", 0).factory(),
            request ->
                switch (request.path()) {
                  case "/healthz" -> answer(alive);
                  case "/readyz" -> answer(ready);
                  default -> Answer.plain(404, "there are /healthz and /readyz\n");
                });
    server.start();
    return server;
  }

  private static Answer answer(BooleanSupplier good) {
    return good.getAsBoolean() ? Answer.plain(200, "yes\n") : Answer.plain(503, "no\n");
  }
}
