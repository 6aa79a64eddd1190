package dev.podbond.reporter;

import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What a reporter needs of an API server, over plain HTTP: one node, and one BondNodeState with
/// its resource version and its subresource.
final class FakeApiServer implements AutoCloseable {
  private static final String OBJECTS = "/apis/podbond.dev/v1alpha1/bondnodestates";

  private final ServerSocket server;
  private final Path account;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile @Nullable JsonObject object;
  private volatile int version = 1;
  private volatile Optional<Reply> always = Optional.empty();

  record Reply(int status, String body) {
    static Reply ofStatus(int code, String reason, String message) {
      return new Reply(
          code,
          JsonObject.builder()
              .put("kind", "Status")
              .put("reason", reason)
              .put("message", message)
              .build()
              .toString());
    }
  }

  FakeApiServer(Path account) throws IOException {
    this.account = account;
    Files.writeString(account.resolve("token"), "a token\n");
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::serve);
  }

  NodeObject objectOf(String node) {
    return new NodeObject(asServer(), node);
  }

  ApiServer asServer() {
    return new ApiServer("http://127.0.0.1:" + server.getLocalPort(), account);
  }

  /// What is stored, without what the API server itself puts there.
  JsonObject stored() {
    JsonObject now = object;
    return now == null ? JsonObject.of() : now;
  }

  JsonObject status() {
    return LenientObject.object(stored(), "status");
  }

  /// The requests that change something.
  List<String> writes() {
    return requests.stream().filter(request -> !request.startsWith("GET ")).toList();
  }

  List<String> requests() {
    return requests;
  }

  void answerAlways(Reply reply) {
    always = Optional.of(reply);
  }

  void answerAsUsual() {
    always = Optional.empty();
  }

  void delete() {
    object = null;
  }

  /// As if somebody had changed the object.
  void touch() {
    version++;
  }

  void replaceStatus(JsonObject status) {
    object = stored().with("status", status);
    version++;
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket peer = server.accept()) {
        InputStream in = new BufferedInputStream(peer.getInputStream());
        String request = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
            length = Integer.parseInt(header.substring("content-length:".length()).strip());
          }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        String[] words = request.split(" ");
        requests.add(words[0] + " " + words[1]);
        Reply reply = always.orElseGet(() -> reply(words[0], words[1], body));
        byte[] text = reply.body().getBytes(StandardCharsets.UTF_8);
        peer.getOutputStream()
            .write(
                ("HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                        .formatted(reply.status(), text.length))
                    .getBytes(StandardCharsets.UTF_8));
        peer.getOutputStream().write(text);
      } catch (IOException _) {
        // Closed, or the peer is gone.
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private Reply reply(String method, String path, String body) {
    try {
      if (path.endsWith("reviews")) {
        return new Reply(201, "{\"status\": {\"authenticated\": true, \"allowed\": true}}");
      }
      if (path.startsWith("/api/v1/nodes/")) {
        return new Reply(200, "{\"metadata\": {\"uid\": \"uid-of-node\"}}");
      }
      JsonObject sent = body.isEmpty() ? JsonObject.of() : Json.parseObject(body);
      JsonObject now = object;
      if (method.equals("POST") && path.equals(OBJECTS)) {
        if (now != null) {
          return Reply.ofStatus(409, "AlreadyExists", "it is there");
        }
        object = sent.without("status");
        version++;
        return new Reply(201, shown());
      }
      if (now == null) {
        return Reply.ofStatus(404, "NotFound", "no such object");
      }
      if (method.equals("PUT")) {
        String known =
            LenientObject.text(LenientObject.object(sent, "metadata"), "resourceVersion")
                .orElse("");
        if (!path.endsWith("/status") || !known.equals(Integer.toString(version))) {
          return Reply.ofStatus(409, "Conflict", "it has changed");
        }
        version++;
        object = now.with("status", sent.get("status").orElseThrow());
      }
      return new Reply(200, shown());
    } catch (JsonException e) {
      return Reply.ofStatus(400, "BadRequest", e.getMessage());
    }
  }

  private String shown() {
    JsonObject metadata = LenientObject.object(stored(), "metadata");
    return stored()
        .with("metadata", metadata.with("resourceVersion", new JsonString(version + "")))
        .toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
