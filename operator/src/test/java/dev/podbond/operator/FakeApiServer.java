package dev.podbond.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The part of an API server that clients need: lists, objects by path, and watches in which
/// happens what the test says. It counts the requests.
public final class FakeApiServer implements AutoCloseable {
  /// Every client may do everything.
  private static final String EVERYTHING =
      """
      {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
       "status": {"incomplete": false, "nonResourceRules": [],
        "resourceRules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}}
      """;

  private static final String EXPIRED =
      "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\","
          + "\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410,"
          + "\"message\":\"too old resource version\"}}";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> lists = new ConcurrentHashMap<>();
  private final Map<String, List<Supplier<String>>> pages = new ConcurrentHashMap<>();
  private final Map<String, String> objects = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicBoolean away = new AtomicBoolean();
  private final Map<String, List<String>> events = new HashMap<>();
  private final Map<String, String> refusals = new ConcurrentHashMap<>();
  private boolean hasEnded;
  private int expiries;

  public FakeApiServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /// A client's configuration, without retries.
  public Config config() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  /// What a list has.
  ///
  /// @param path as "/api/v1/pods"
  /// @param items JSON, with commas between them
  public void list(String path, String items) {
    lists.put(path, items);
  }

  /// A list that comes in pages, if it is asked for so.
  ///
  /// @param items JSON, made when it is sent
  public void list(String path, List<Supplier<String>> items) {
    pages.put(path, items);
  }

  /// Tells those who watch a list.
  ///
  /// @param path as "/api/v1/pods"
  /// @param type "ADDED", "MODIFIED" or "DELETED"
  /// @param object JSON
  public void tell(String path, String type, String object) {
    synchronized (events) {
      events
          .computeIfAbsent(path, _ -> new ArrayList<>())
          .add(
              "{\"type\":\"%s\",\"object\":%s}"
                  .formatted(type, object.replaceAll("\\s*\n\\s*", "")));
      events.notifyAll();
    }
  }

  /// The object at a path, if any is there.
  public String object(String path) {
    return objects.getOrDefault(path, "");
  }

  /// Stores an object.
  public void put(String path, String json) {
    objects.put(path, json);
  }

  /// Ends all watches, as an API server does that has forgotten what they ask for: who watches has
  /// to list again. What was told is in the lists by then.
  public void expire() {
    synchronized (events) {
      events.clear();
      expiries++;
      events.notifyAll();
    }
  }

  /// Refuses whatever is to be changed below a path.
  ///
  /// @param message the API server's words
  public void refuse(String path, String message) {
    refusals.put(path, message);
  }

  /// Takes it again.
  public void accept(String path) {
    refusals.remove(path);
  }

  /// Whether every request is answered 503.
  public void setAway(boolean now) {
    away.set(now);
  }

  /// Every request but those that opened a watch, as "GET /api/v1/pods".
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public void forget() {
    asked.clear();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
        // The client then asks again without a web socket.
        reply(exchange, 200, "");
        return;
      }
      if (query.contains("watch=true")) {
        exchange.sendResponseHeaders(200, 0);
        watch(path, exchange.getResponseBody());
        return;
      }
      asked.add(exchange.getRequestMethod() + " " + path);
      if (away.get()) {
        reply(exchange, 503, status(503));
      } else if (refusal(exchange.getRequestMethod(), path).isPresent()) {
        reply(exchange, 403, refusal(exchange.getRequestMethod(), path).orElseThrow());
      } else if (path.endsWith("/selfsubjectrulesreviews")) {
        reply(exchange, 201, EVERYTHING);
      } else if (exchange.getRequestMethod().equals("POST")) {
        String name = body.replaceAll("(?s).*\"metadata\":\\{[^}]*?\"name\":\"([^\"]*)\".*", "$1");
        objects.put(path + "/" + name, body);
        reply(exchange, 201, body);
      } else if (exchange.getRequestMethod().equals("PATCH")) {
        // In its new state, and with a newer version.
        reply(
            exchange,
            200,
            body.replaceFirst("\"metadata\": ?\\{", "\"metadata\":{\"resourceVersion\":\"2\","));
      } else if (exchange.getRequestMethod().equals("PUT")) {
        objects.put(path, body);
        reply(exchange, 200, body);
      } else if (objects.containsKey(path)) {
        reply(exchange, 200, objects.get(path));
      } else if (pages.containsKey(path)) {
        reply(exchange, 200, page(pages.getOrDefault(path, List.of()), query));
      } else if (isList(path)) {
        reply(
            exchange,
            200,
            "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":["
                + lists.getOrDefault(path, "")
                + "]}");
      } else {
        reply(exchange, 404, status(404));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> refusal(String method, String path) {
    return refusals.entrySet().stream()
        .filter(refusal -> !method.equals("GET") && path.startsWith(refusal.getKey()))
        .map(refusal ->
            status(403).replaceFirst("\\{", "{\"message\":\"" + refusal.getValue() + "\","))
        .findFirst();
  }

  /// Whoever watches learns of everything that happened since all watches ended last.
  private void watch(String path, OutputStream body) throws IOException, InterruptedException {
    body.flush();
    int begun;
    synchronized (events) {
      begun = expiries;
    }
    for (int next = 0; ; next++) {
      String event;
      synchronized (events) {
        while (!hasEnded
            && begun == expiries
            && events.getOrDefault(path, List.of()).size() <= next) {
          events.wait();
        }
        if (hasEnded) {
          return;
        }
        event = begun == expiries ? events.getOrDefault(path, List.of()).get(next) : EXPIRED;
      }
      body.write((event + "\n").getBytes(StandardCharsets.UTF_8));
      body.flush();
      if (event.equals(EXPIRED)) {
        return;
      }
    }
  }

  private static String page(List<Supplier<String>> items, String query) {
    int from = number(query, "continue").orElse(0);
    int to = (int) Math.min(items.size(), (long) from + number(query, "limit").orElse(1 << 20));
    return """
    {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"%s}, "items": [%s]}
    """
        .formatted(
            to < items.size() ? ", \"continue\": \"" + to + "\"" : "",
            items.subList(from, to).stream().map(Supplier::get).collect(Collectors.joining(",")));
  }

  private static Optional<Integer> number(String query, String parameter) {
    return Arrays.stream(query.split("&", -1))
        .filter(pair -> pair.matches(parameter + "=[0-9]+"))
        .map(pair -> Integer.parseInt(pair.substring(parameter.length() + 1)))
        .findFirst();
  }

  /// Below the version of an API, objects have a kind and a name, in a namespace or in none.
  private static boolean isList(String path) {
    String below = path.replaceFirst("^/(api/[^/]+|apis/[^/]+/[^/]+)/", "");
    return below.split("/", -1).length % 2 == 1;
  }

  private static String status(int code) {
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":"
        + code
        + "}";
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    synchronized (events) {
      hasEnded = true;
      events.notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
