package dev.podbond.operator.admission;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.operator.view.ClusterView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// The webhooks' HTTPS server. Each connection takes the certificate of its moment.
public final class AdmissionServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AdmissionServer.class.getName());

  /// The API server's own limit of an object is 3 MiB.
  private static final int MAX_REQUEST_BYTES = 8 << 20;

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// Stopped until it is started.
  ///
  /// @param tls what to present to the next connection
  public AdmissionServer(int port, Supplier<SSLContext> tls, ClusterView view) throws IOException {
    Admission admission = new Admission(view);
    server = HttpsServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(threads);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls.get()) {
          @Override
          public SSLContext getSSLContext() {
            return tls.get();
          }

          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(tls.get().getDefaultSSLParameters());
          }
        });
    serve("/mutate/pods", admission::mutatePod);
    serve("/validate/pods", admission::validatePod);
    serve("/validate/bondnetworks", admission::validateBond);
    serve("/validate/attachments", admission::validateAttachment);
  }

  public void start() {
    server.start();
  }

  private void serve(String path, Function<AdmissionReview, Verdict> webhook) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            byte[] request = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES);
            try {
              AdmissionReview review = AdmissionReview.of(Json.parseObject(request));
              reply(exchange, 200, review.answer(webhook.apply(review)).toString());
            } catch (JsonException e) {
              reply(exchange, 400, "no AdmissionReview: " + e.getMessage());
            } catch (RuntimeException e) {
              LOG.log(System.Logger.Level.ERROR, "webhook " + path + " failed", e);
              reply(exchange, 500, "the webhook failed: " + e.getMessage());
            }
          }
        });
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", status == 200 ? "application/json" : "text/plain");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(1);
    threads.close();
  }
}
