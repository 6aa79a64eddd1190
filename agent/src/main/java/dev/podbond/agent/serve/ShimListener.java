package dev.podbond.agent.serve;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/// A socket of the agent. That for calls is in a directory that only the directory's owner may
/// enter. The kernel lets nobody connect who may not enter the directory and write to the socket
/// (unix(7)).
public final class ShimListener implements Strangers.Door {
  private static final int BACKLOG = 512;

  /// Who may connect.
  ///
  /// @param ofDirectory what that takes of the socket's directory, in which nobody else may write
  /// @param ofSocket what it takes of the socket
  private record Access(String ofDirectory, String ofSocket) {
    static final Access OWNER = new Access("rwx------", "rw-------");
    static final Access EVERYBODY = new Access("rwxr-xr-x", "rw-rw-rw-");

    Set<PosixFilePermission> directory() {
      return PosixFilePermissions.fromString(ofDirectory);
    }
  }

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
    return open(socket, Access.OWNER);
  }

  /// Opens a socket to which every process may connect that can come to its directory.
  ///
  /// @throws IOException as [#open], or if the directory is somebody else's, who could replace the
  ///   socket
  public static ShimListener openToEverybody(Path socket) throws IOException {
    ShimListener listener = open(socket, Access.EVERYBODY);
    UserPrincipal owner = Files.getOwner(directoryOf(socket));
    if (!owner.equals(Files.getOwner(socket))) {
      listener.close();
      throw new IOException(
          "the directory of "
              + socket
              + " belongs to "
              + owner.getName()
              + ", who could replace the socket; it must belong to the agent's user");
    }
    return listener;
  }

  private static ShimListener open(Path socket, Access access) throws IOException {
    Files.setPosixFilePermissions(directoryOf(socket, access), access.directory());
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    if (Files.exists(socket)) {
      requireDead(address);
      Files.delete(socket);
    }
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(address, BACKLOG);
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(access.ofSocket()));
      return new ShimListener(socket, server);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// The directory of a socket. It is made if it does not exist.
  public static Path directoryOf(Path socket) throws IOException {
    return directoryOf(socket, Access.OWNER);
  }

  private static Path directoryOf(Path socket, Access access) throws IOException {
    Path directory = socket.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(socket + " cannot be a socket: it has no directory");
    }
    return Files.createDirectories(
        directory, PosixFilePermissions.asFileAttribute(access.directory()));
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
  @Override
  public SocketChannel accept() throws IOException {
    return server.accept();
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }
}
