package dev.podbond.node.state;

import dev.podbond.node.wait.Polling;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Locks among all processes of the node, and among the threads of this one.
///
/// All are byte ranges of one file (fcntl(2), F_SETLK); each name has its own byte at
/// [LockName#offset]. The kernel releases them when a process dies, nothing is left on the disk,
/// and there is no race with the deletion of a lock file.
///
/// Such locks belong to a process, and closing any descriptor of the file releases every lock that
/// the process has in it. So all instances of a process share one descriptor, which is closed with
/// the last of them.
public final class NodeLocks implements AutoCloseable {
  private static final Map<Path, SharedChannel> OPEN = new HashMap<>();

  /// The directories of the open ones, by the paths under which they were opened.
  private static final Map<Path, Path> REAL = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final Polling polling;
  private final LockHolder holders;
  private final AtomicBoolean closed = new AtomicBoolean();

  private NodeLocks(Path file, FileChannel channel, Polling polling, LockHolder holders) {
    this.file = file;
    this.channel = channel;
    this.polling = polling;
    this.holders = holders;
  }

  /// Opens the locks in a state directory, which is made if it does not exist.
  ///
  /// @param directory on a file system of this node: locks on a network file system may differ
  public static NodeLocks open(Path directory, Polling polling) throws StateException {
    return open(directory, polling, Path.of("/proc"));
  }

  static NodeLocks open(Path directory, Polling polling, Path proc) throws StateException {
    Path file = directory.resolve("lock");
    try {
      PrivateDirectory.create(directory);
      Path real = real(directory);
      requireOurs(real);
      Path shared = real.resolve("lock");
      return new NodeLocks(shared, share(shared), polling, new LockHolder(proc));
    } catch (IOException e) {
      throw new StateException("cannot open the lock file " + file + ": " + IoReason.of(e), e);
    }
  }

  /// What a path led to when its locks were opened first holds while they are open: the lock file
  /// must be the same for all.
  private static Path real(Path directory) throws IOException {
    synchronized (OPEN) {
      Path known = REAL.get(directory);
      if (known != null && OPEN.containsKey(known.resolve("lock"))) {
        return known;
      }
      Path real = directory.toRealPath();
      REAL.values().removeIf(other -> !OPEN.containsKey(other.resolve("lock")));
      REAL.put(directory, real);
      return real;
    }
  }

  /// We obey the content of the state directory with this process' privileges, so it must be ours.
  private static void requireOurs(Path directory) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(directory, "unix:uid,permissions");
    Object owner = attributes.get("uid");
    boolean ours =
        Objects.equals(owner, 0)
            || Objects.equals(owner, Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    Set<PosixFilePermission> permissions = permissions(attributes.get("permissions"));
    if (!ours
        || permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          "users other than root may write to "
              + directory
              + " (owner "
              + owner
              + ", "
              + PosixFilePermissions.toString(permissions)
              + "): look at what is in it, then chown root and chmod 700 it");
    }
  }

  private static Set<PosixFilePermission> permissions(@Nullable Object attribute) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    if (attribute instanceof Set<?> found) {
      found.forEach(one -> permissions.add(PosixFilePermission.class.cast(one)));
    }
    return permissions;
  }

  /// The descriptor of a lock file, and how many instances use it.
  private record SharedChannel(FileChannel channel, int users) {}

  private static FileChannel share(Path file) throws IOException {
    synchronized (OPEN) {
      SharedChannel shared = OPEN.get(file);
      FileChannel channel =
          shared == null
              ? FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
              : shared.channel();
      OPEN.put(file, new SharedChannel(channel, shared == null ? 1 : shared.users() + 1));
      return channel;
    }
  }

  private static void unshare(Path file, FileChannel channel) throws IOException {
    synchronized (OPEN) {
      SharedChannel shared = OPEN.get(file);
      if (shared != null && shared.users() > 1) {
        OPEN.put(file, new SharedChannel(channel, shared.users() - 1));
        return;
      }
      OPEN.remove(file);
      channel.close();
    }
  }

  /// Takes a lock, waiting for at most `limit` while another caller has it.
  ///
  /// @throws LockTimeoutException when the limit has passed; it names the holder if that is known
  public HeldLock acquire(LockName name, Duration limit) throws StateException {
    Attempt attempt = new Attempt(name);
    try {
      if (polling.until(attempt::succeeds, limit)) {
        return new HeldLock(name, attempt.lock.orElseThrow());
      }
    } catch (IOException e) {
      throw new StateException("cannot lock " + name + " in " + file + ": " + IoReason.of(e), e);
    }
    throw new LockTimeoutException(
        "the lock on "
            + name
            + " was not free within "
            + limit.toMillis()
            + " ms; "
            + holders
                .of(name.offset())
                .map(holder -> "held by " + holder)
                .orElse("holder unknown"));
  }

  @Override
  public void close() throws StateException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      unshare(file, channel);
    } catch (IOException e) {
      throw new StateException("cannot close the lock file " + file + ": " + IoReason.of(e), e);
    }
  }

  /// The attempts of one caller; it has the lock once one of them succeeds.
  private final class Attempt {
    private final LockName name;
    private Optional<FileLock> lock = Optional.empty();

    Attempt(LockName name) {
      this.name = name;
    }

    boolean succeeds() throws IOException {
      try {
        lock = Optional.ofNullable(channel.tryLock(name.offset(), 1, false));
      } catch (OverlappingFileLockException _) {
        // Another thread of this very process has it.
        lock = Optional.empty();
      }
      return lock.isPresent();
    }
  }
}
