package dev.podbond.reporter;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.FrameChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/// Answers kubelet's probe, `podbond-shim probe`, on a socket of the reporter's own: whether the
/// API server has what the agent says, or metrics are served where it does nothing else. Whoever
/// connects is answered, whatever he asks.
final class Readiness implements Runnable, AutoCloseable {
  private static final int MOST_BYTES = 256;

  private final ServerSocketChannel server;
  private final BooleanSupplier ready;

  private Readiness(ServerSocketChannel server, BooleanSupplier ready) {
    this.server = server;
    this.ready = ready;
  }

  /// Opens the socket, in the place of one that an earlier reporter of this pod left.
  static Readiness open(Path socket, BooleanSupplier ready) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      return new Readiness(server, ready);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// Answers until it is closed.
  @Override
  public void run() {
    while (server.isOpen()) {
      try (FrameChannel asker = new FrameChannel(server.accept(), MOST_BYTES)) {
        asker.receive();
        asker.send(new Answer(ready.getAsBoolean() ? 0 : 1, "", "").toFrame());
      } catch (ClosedChannelException _) {
        // Closed, or its asker is gone.
      } catch (IOException _) {
        // A probe that kubelet gave up.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
