package dev.podbond.https.serve;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// HTTP/1.1 over TCP or TLS, with a thread for each connection, within [Limits].
public final class HttpServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
  private static final int BACKLOG = 512;
  private static final int BUFFER_BYTES = 8192;
  private static final int FIRST_BODY_BYTES = 64 << 10;
  private static final long PAUSE_MILLIS = 20;

  private final String name;
  private final Limits limits;
  private final Optional<Tls> tls;
  private final Handler handler;
  private final ThreadFactory threads;
  private final Connections connections;
  private final Semaphore work;
  private final Semaphore largeWork = new Semaphore(1, true);
  private final ServerSocket listener;
  private final Thread accepting;
  private volatile boolean closed;

  /// Answers requests.
  public interface Handler {
    /// The answer to a request.
    ///
    /// @throws HttpException for an invalid request
    Answer answer(Request request) throws HttpException;
  }

  /// How connections are protected.
  ///
  /// @param context the certificate to present to the next connection
  /// @param clientsNeedCertificates whether a client must have a certificate from the context's
  ///   authority
  public record Tls(Supplier<SSLContext> context, boolean clientsNeedCertificates) {}

  /// Listens at once, but answers only after it is started.
  ///
  /// @param name for its threads and the log
  /// @param where an address of this machine, or any; port 0 for any free port
  /// @param threads makes a thread for each connection
  public HttpServer(
      String name,
      InetSocketAddress where,
      Limits limits,
      Optional<Tls> tls,
      ThreadFactory threads,
      Handler handler)
      throws IOException {
    this.name = name;
    this.limits = limits;
    this.tls = tls;
    this.threads = threads;
    this.handler = handler;
    this.connections = new Connections(limits);
    this.work = new Semaphore(limits.workUnits(), true);
    this.listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(where, BACKLOG);
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
    // Not a daemon thread: it keeps the process alive.
    this.accepting = Thread.ofPlatform().name(name).unstarted(this::accept);
  }

  /// Starts answering.
  public void start() {
    accepting.start();
  }

  /// The port on which it listens.
  public int port() {
    return listener.getLocalPort();
  }

  /// Whether it accepts connections.
  public boolean isServing() {
    return accepting.isAlive();
  }

  int connections() {
    return connections.size();
  }

  private void accept() {
    while (!closed) {
      try {
        take(listener.accept());
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.log(System.Logger.Level.WARNING, name + ": cannot take a connection", e);
          // Usually no descriptors are left: the quietest waiting connection gives up its own.
          connections.makeRoom();
          pause();
        }
      }
    }
  }

  /// Whatever keeps a socket from being served, it does not stay open: nobody else knows of it.
  private void take(Socket socket) throws IOException {
    try {
      Connection connection = connections.admit(socket);
      try {
        threads.newThread(() -> serve(connection)).start();
      } catch (RuntimeException | Error e) {
        connections.leave(connection);
        throw e;
      }
    } catch (RuntimeException | Error e) {
      socket.close();
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Connection connection) {
    try {
      connection.socket().setTcpNoDelay(true);
      try (Socket transport = transport(connection.socket())) {
        InputStream in = new BufferedInputStream(transport.getInputStream(), BUFFER_BYTES);
        OutputStream out = transport.getOutputStream();
        boolean lasts = true;
        while (lasts) {
          int first = in.read();
          connection.endAfter(limits.request());
          lasts = first >= 0 && exchange(connection, first, transport, in, out);
          connection.answered();
          connection.endAfter(limits.idle());
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, name + ": a connection ended", e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, name + ": a connection failed", e);
    } finally {
      connections.leave(connection);
    }
  }

  private Socket transport(Socket socket) throws IOException {
    if (tls.isEmpty()) {
      return socket;
    }
    SSLSocket secure =
        (SSLSocket)
            tls.get()
                .context()
                .get()
                .getSocketFactory()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    secure.setUseClientMode(false);
    secure.setNeedClientAuth(tls.get().clientsNeedCertificates());
    secure.startHandshake();
    return secure;
  }

  /// Returns whether the connection stays open.
  private boolean exchange(
      Connection connection, int first, Socket transport, InputStream in, OutputStream out)
      throws IOException {
    boolean lasts = false;
    Answer answer;
    try {
      RequestHead head = RequestHead.read(first, in);
      if (head.bodyBytes() > limits.bodyBytes()) {
        throw new HttpException(
            413,
            "a body of "
                + head.bodyBytes()
                + " bytes: at most "
                + limits.bodyBytes()
                + " are read");
      }
      if (head.awaitsConsent()) {
        out.write(RequestHead.consent());
        out.flush();
      }
      byte[] body = body(connection, (int) head.bodyBytes(), in);
      answer = work(connection, new Request(head, body));
      lasts = head.lasts();
    } catch (HttpException e) {
      answer = Answer.plain(e.status(), e.getMessage() + "\n");
    } finally {
      connections.release(connection);
    }
    connection.endAfter(limits.request());
    try {
      write(answer, !lasts, out);
      connection.hasSent();
    } finally {
      answer.sent();
    }
    if (!lasts) {
      drain(transport, in);
    }
    return lasts;
  }

  /// A short answer goes out at once, and a long one is not copied.
  private static void write(Answer answer, boolean last, OutputStream out) throws IOException {
    byte[] head = answer.head(last);
    byte[] body = answer.body();
    if (body.length <= BUFFER_BYTES) {
      byte[] all = Arrays.copyOf(head, head.length + body.length);
      System.arraycopy(body, 0, all, head.length, body.length);
      out.write(all);
    } else {
      out.write(head);
      out.write(body);
    }
    out.flush();
  }

  /// Allocates memory only as bytes arrive.
  private byte[] body(Connection connection, int length, InputStream in)
      throws IOException, HttpException {
    byte[] body = new byte[0];
    int read = 0;
    while (read < length) {
      if (read == body.length) {
        int room = Math.min(length, Math.max(FIRST_BODY_BYTES, 2 * body.length));
        if (!connections.reserve(connection, room)) {
          throw new HttpException(503, "too many requests at once");
        }
        body = Arrays.copyOf(body, room);
      }
      int count = in.read(body, read, body.length - read);
      if (count < 0) {
        throw new EOFException();
      }
      read += count;
    }
    return body;
  }

  private Answer work(Connection connection, Request request) throws HttpException {
    int length = request.body().length;
    Semaphore lane = limits.isLarge(length) ? largeWork : work;
    int units = limits.isLarge(length) ? 1 : limits.work(length);
    try {
      if (!connection.waits()
          || !lane.tryAcquire(units, limits.request().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new HttpException(503, "too many requests at once");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpException(503, "too many requests at once");
    } finally {
      connection.waitsNoLonger();
    }
    connection.atWork(true);
    try {
      Answer answer = handler.answer(request);
      if (answer.isGood()) {
        connection.sendsGoodAnswer();
      }
      return answer;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, name + ": " + request + " failed", e);
      return Answer.plain(500, "failed: " + e.getMessage() + "\n");
    } finally {
      connection.endAfter(limits.request());
      connection.atWork(false);
      lane.release(units);
    }
  }

  /// Reads the rest of the request: otherwise the kernel would send a reset, which would destroy
  /// the answer.
  private static void drain(Socket transport, InputStream in) throws IOException {
    transport.shutdownOutput();
    byte[] nothing = new byte[BUFFER_BYTES];
    while (in.read(nothing) >= 0) {
      // The deadline ends the loop.
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException _) {
      // It accepts no more either way.
    }
    connections.close();
  }
}
