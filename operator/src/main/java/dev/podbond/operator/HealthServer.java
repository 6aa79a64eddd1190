package dev.podbond.operator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/// `/healthz` and `/readyz`, for kubelet.
final class HealthServer {
  private HealthServer() {}

  static HttpServer start(int port, BooleanSupplier ready) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    serve(server, "/healthz", () -> true);
    serve(server, "/readyz", ready);
    server.start();
    return server;
  }

  private static void serve(HttpServer server, String path, BooleanSupplier good) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(good.getAsBoolean() ? 200 : 503, -1);
          }
        });
  }
}
