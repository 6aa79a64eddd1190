package dev.podbond.agent.serve;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The agent's socket, in a directory that only the directory's owner may enter. The kernel lets
/// nobody connect who may not enter the directory and write to the socket (unix(7)).
public final class ShimListener implements AutoCloseable {
  private static final int BACKLOG = 512;

  private final Path socket;
  private final ServerSocketChannel server;

  private ShimListener(Path socket, ServerSocketChannel server) {
    this.socket = socket;
    this.server = server;
  }

  /// Opens the socket, and replaces one that a dead agent left.
  ///
  /// @throws IOException if another agent answers there, or the directory cannot be made
  public static ShimListener open(Path socket) throws IOException {
    Files.setPosixFilePermissions(
        directoryOf(socket), PosixFilePermissions.fromString("rwx------"));
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    if (Files.exists(socket)) {
      requireDead(address);
      Files.delete(socket);
    }
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(address, BACKLOG);
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      return new ShimListener(socket, server);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// The directory of a socket. It is made if it does not exist.
  public static Path directoryOf(Path socket) throws IOException {
    Path directory = socket.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(socket + " cannot be a socket: it has no directory");
    }
    return Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static void requireDead(UnixDomainSocketAddress address) throws IOException {
    try (SocketChannel _ = SocketChannel.open(address)) {
      throw new IOException("another agent answers on " + address + "; stop it first");
    } catch (ConnectException _) {
      // Nobody listens any more.
    }
  }

  /// Waits for the next connection.
  ///
  /// @throws java.nio.channels.AsynchronousCloseException or another
  ///   [java.nio.channels.ClosedChannelException] after [#close]
  /// @throws IOException if no connection can be accepted now, for example for lack of descriptors
  public SocketChannel accept() throws IOException {
    return server.accept();
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }
}
