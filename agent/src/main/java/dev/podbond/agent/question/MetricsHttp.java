package dev.podbond.agent.question;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.Strangers;
import dev.podbond.metrics.Detail;
import dev.podbond.metrics.Exposition;
import dev.podbond.value.IpText;
import dev.podbond.value.ListenAddress;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/// Metrics over plain HTTP, for a Prometheus that scrapes the agent itself. It understands one
/// request, `GET /metrics` of HTTP/1, and closes each connection after its answer: so it needs
/// neither a library nor the JDK's server, which would cost the agent several MiB.
public final class MetricsHttp implements Strangers.Conversation {
  /// Of request line and headers. Prometheus' take some hundred bytes.
  private static final int MOST_HEAD_BYTES = 8 * 1024;

  private static final int BACKLOG = 16;

  /// What the JDK writes at once: it keeps a buffer of this size for each thread.
  private static final int PART_BYTES = 64 * 1024;

  private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");

  private final Function<Detail, byte[]> metrics;

  private MetricsHttp(Function<Detail, byte[]> metrics) {
    this.metrics = metrics;
  }

  /// Listens there, and answers until what this returns is closed.
  ///
  /// @param metrics the text of each level
  /// @throws IOException if nobody can listen there
  public static Strangers start(ListenAddress where, Function<Detail, byte[]> metrics, AgentLog log)
      throws IOException {
    return start(where.address(), metrics, Strangers.Limits.USUAL, log);
  }

  static Strangers start(
      InetSocketAddress where,
      Function<Detail, byte[]> metrics,
      Strangers.Limits limits,
      AgentLog log)
      throws IOException {
    return start(ServerSocketChannel.open(), where, metrics, limits, log);
  }

  static Strangers start(
      ServerSocketChannel server,
      InetSocketAddress where,
      Function<Detail, byte[]> metrics,
      Strangers.Limits limits,
      AgentLog log)
      throws IOException {
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(where, BACKLOG);
    } catch (UnsupportedAddressTypeException e) {
      // As of [::] where the kernel was started without IPv6.
      server.close();
      throw new IOException(
          IpText.format(where.getAddress()) + " is of an address family that this node lacks", e);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    return Strangers.serve(new Port(server), new MetricsHttp(metrics), limits, log);
  }

  private record Port(ServerSocketChannel server) implements Strangers.Door {
    @Override
    public SocketChannel accept() throws IOException {
      return server.accept();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  @Override
  public Strangers.Reply listen(SocketChannel connection) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(MOST_HEAD_BYTES);
    while (!isWhole(head)) {
      if (!head.hasRemaining()) {
        return () -> {
          refuse(connection, "431 Request Header Fields Too Large");
          return Strangers.After.CLOSE;
        };
      }
      if (connection.read(head) < 0) {
        throw new EOFException("the request is cut short");
      }
    }
    return () -> {
      answer(requestLine(head), connection);
      return Strangers.After.CLOSE;
    };
  }

  /// Looks only at the end: nothing may follow the head of a GET.
  private static boolean isWhole(ByteBuffer head) {
    int from = head.position() - END_OF_HEAD.length;
    for (int i = 0; i < END_OF_HEAD.length; i++) {
      if (from < 0 || head.get(from + i) != END_OF_HEAD[i]) {
        return false;
      }
    }
    return true;
  }

  private static List<String> requestLine(ByteBuffer head) {
    String text = StandardCharsets.US_ASCII.decode(head.duplicate().flip()).toString();
    return List.of(text.substring(0, text.indexOf('\r')).split(" ", -1));
  }

  private void answer(List<String> request, SocketChannel connection) throws IOException {
    if (request.size() != 3 || !request.get(2).startsWith("HTTP/1.")) {
      refuse(connection, "400 Bad Request");
    } else if (!request.get(0).equals("GET")) {
      refuse(connection, "405 Method Not Allowed");
    } else {
      switch (request.get(1)) {
        case "/metrics", "/metrics?detail=member" -> tell(connection, metrics.apply(Detail.MEMBER));
        case "/metrics?detail=bond" -> tell(connection, metrics.apply(Detail.BOND));
        case "/metrics?detail=traffic" -> tell(connection, metrics.apply(Detail.TRAFFIC));
        default -> refuse(connection, "404 Not Found");
      }
    }
  }

  private static void tell(SocketChannel connection, byte[] text) throws IOException {
    send(connection, "200 OK", Exposition.CONTENT_TYPE, text);
  }

  private static void refuse(SocketChannel connection, String status) throws IOException {
    String allowed =
        "this agent answers GET /metrics, /metrics?detail=bond, /metrics?detail=traffic\n";
    send(connection, status, "text/plain; charset=utf-8", ascii(status + ": " + allowed));
  }

  private static void send(SocketChannel connection, String status, String type, byte[] body)
      throws IOException {
    write(
        connection,
        ascii(
            "HTTP/1.1 "
                + status
                + "\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length
                + "\r\nConnection: close\r\n\r\n"));
    write(connection, body);
  }

  private static void write(SocketChannel connection, byte[] bytes) throws IOException {
    for (int done = 0; done < bytes.length; done += PART_BYTES) {
      ByteBuffer part = ByteBuffer.wrap(bytes, done, Math.min(PART_BYTES, bytes.length - done));
      while (part.hasRemaining()) {
        connection.write(part);
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
