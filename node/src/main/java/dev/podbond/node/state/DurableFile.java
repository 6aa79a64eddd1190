package dev.podbond.node.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A small file that after a crash or power loss has its old or its new content, never a mixture.
/// Whoever opens or executes it meanwhile gets one of both, too.
///
/// It writes to a temporary file beside the target, flushes it to the disk, and moves it into place
/// by rename(2) or link(2). Then it flushes the directory, without which the name itself might be
/// lost.
public final class DurableFile {
  /// Files with this prefix were left by a process that died while writing.
  public static final String TEMPORARY_PREFIX = ".new-";

  /// The shims of earlier releases named their temporary files by their process id.
  private static final Pattern EARLIER_SHIMS = Pattern.compile("\\.\\d{1,10}");

  /// As [#temporary] names them.
  private static final Pattern OURS =
      Pattern.compile(Pattern.quote(TEMPORARY_PREFIX) + "\\d+-[0-9a-f]+-\\d+");

  private static final AtomicLong NUMBER = new AtomicLong();
  private static final Set<StandardOpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;

  /// @param path where the file is or is to be
  public DurableFile(Path path) {
    this.path = path;
  }

  /// Writes the file for its owner alone, replacing an older one, and makes its directory.
  public void replace(String text) throws IOException {
    PrivateDirectory.create(directory());
    replace(text.getBytes(StandardCharsets.UTF_8), OWNER_ONLY);
  }

  /// Writes the file, replacing an older one, be it a program that runs. In a directory of another
  /// user nothing but entries of that directory is touched, whatever he does there meanwhile.
  ///
  /// @param permissions of which the process' umask takes its part away, as of all that it makes:
  ///   to give it back would be a change by name, and the name may be a link by then
  /// @throws java.nio.file.NoSuchFileException if its directory does not exist
  public void replace(byte[] content, Set<PosixFilePermission> permissions) throws IOException {
    Path temporary = temporary(content, permissions);
    try {
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    flush(directory());
  }

  /// Writes the file only if it does not exist, atomically: of two racing writers one wins.
  ///
  /// @return whether it was written
  public boolean create(String text) throws IOException {
    PrivateDirectory.create(directory());
    Path temporary = temporary(text.getBytes(StandardCharsets.UTF_8), OWNER_ONLY);
    try {
      // A hard link appears with its whole content, unlike a file opened with O_EXCL.
      Files.createLink(path, temporary);
    } catch (FileAlreadyExistsException _) {
      return false;
    } finally {
      Files.deleteIfExists(temporary);
    }
    flush(directory());
    return true;
  }

  /// Gives the file a second name in its directory, which another file loses.
  public void link(Path name) throws IOException {
    Files.deleteIfExists(name);
    Files.createLink(name, path);
    flush(directory());
  }

  /// Gives the file another name in its directory, which another file loses.
  public void rename(Path name) throws IOException {
    Files.move(path, name, StandardCopyOption.ATOMIC_MOVE);
    flush(directory());
  }

  /// Deletes temporary files of writers that were killed, including shims.
  ///
  /// @param directory searched with everything below it
  /// @param age a writer that has taken longer than this is dead
  public static void deleteAbandoned(Path directory, Duration age) throws IOException {
    deleteOlder(
        directory,
        age,
        name -> name.startsWith(TEMPORARY_PREFIX) || EARLIER_SHIMS.matcher(name).matches());
  }

  /// The same where others have files too: only what this class has certainly written.
  public static void deleteOwnAbandoned(Path directory, Duration age) throws IOException {
    deleteOlder(directory, age, OURS.asMatchPredicate());
  }

  private static void deleteOlder(Path directory, Duration age, Predicate<String> isTemporary)
      throws IOException {
    Instant limit = Instant.now().minus(age);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        if (isTemporary.test(String.valueOf(file.getFileName()))
            && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException | UncheckedIOException _) {
      // Another process deleted something meanwhile; the rest waits for the next time.
    }
  }

  /// Removes the file.
  ///
  /// @return whether there was one
  public boolean delete() throws IOException {
    boolean existed = Files.deleteIfExists(path);
    if (existed) {
      flush(directory());
    }
    return existed;
  }

  private Path temporary(byte[] content, Set<PosixFilePermission> permissions) throws IOException {
    // Unlike createTempFile this needs no secure random number: nobody else may write here.
    Path temporary =
        directory()
            .resolve(
                TEMPORARY_PREFIX
                    + ProcessHandle.current().pid()
                    + "-"
                    + Long.toHexString(System.nanoTime())
                    + "-"
                    + NUMBER.incrementAndGet());
    try (FileChannel channel =
        FileChannel.open(temporary, NEW_FILE, PosixFilePermissions.asFileAttribute(permissions))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    return temporary;
  }

  private Path directory() {
    Path parent = path.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static void flush(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
