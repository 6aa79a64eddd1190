package dev.podbond.agent.serve;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A socket of the agent. That for calls is in a directory that only the directory's owner may
/// enter. The kernel lets nobody connect who may not enter the directory and write to the socket
/// (unix(7)).
public final class ShimListener implements Strangers.Door {
  private static final int BACKLOG = 512;

  /// Who may connect.
  ///
  /// @param ofDirectory what that takes of a directory that is made for the socket, and in which
  ///   nobody else may write
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
  /// A directory that exists keeps its mode: it may be one that others use, as /tmp, or one that
  /// its owner opened to a group alone.
  ///
  /// @throws IOException as [#open], or if somebody else owns the directory or may write there, who
  ///   could replace the socket
  public static ShimListener openToEverybody(Path socket) throws IOException {
    Path directory = parentOf(socket);
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      requireOwn(directory);
    } else {
      makeDirectory(socket, Access.EVERYBODY);
    }
    // By its real path, so that no link on the way leads to another directory meanwhile.
    return bind(directory.toRealPath().resolve(socket.getFileName()), Access.EVERYBODY);
  }

  /// A symbolic link counts for itself too: whoever made it chose the directory.
  private static void requireOwn(Path directory) throws IOException {
    int self = uid(Path.of("/proc/self"));
    if (Files.isSymbolicLink(directory) && uid(directory) != 0) {
      requireOwner(directory, self);
    }
    Path real = directory.toRealPath();
    requireOwner(real, self);
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(real, LinkOption.NOFOLLOW_LINKS);
    if (mode.contains(PosixFilePermission.GROUP_WRITE)
        || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          directory
              + " has mode "
              + PosixFilePermissions.toString(mode)
              + ", so others could replace the socket; name a directory where only the agent's user"
              + " may write");
    }
  }

  private static void requireOwner(Path path, int self) throws IOException {
    if (uid(path) != self) {
      throw new IOException(
          path
              + " belongs to "
              + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName()
              + ", who could replace the socket; it must belong to the agent's user");
    }
  }

  private static int uid(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static ShimListener open(Path socket, Access access) throws IOException {
    makeDirectory(socket, access);
    return bind(socket, access);
  }

  private static void makeDirectory(Path socket, Access access) throws IOException {
    Files.setPosixFilePermissions(directoryOf(socket, access), access.directory());
  }

  private static ShimListener bind(Path socket, Access access) throws IOException {
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
    return Files.createDirectories(
        parentOf(socket), PosixFilePermissions.asFileAttribute(access.directory()));
  }

  private static Path parentOf(Path socket) throws IOException {
    Path directory = socket.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(socket + " cannot be a socket: it has no directory");
    }
    return directory;
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
