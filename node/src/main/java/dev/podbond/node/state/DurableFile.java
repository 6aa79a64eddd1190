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
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A small file that after a crash or power loss has its old or its new content, never a mixture.
///
/// It writes to a temporary file beside the target, flushes it to the disk, and moves it into place
/// by rename(2) or link(2). Then it flushes the directory, without which the name itself might be
/// lost.
public final class DurableFile {
  /// Files with this prefix were left by a process that died while writing.
  public static final String TEMPORARY_PREFIX = ".new-";

  /// The shims of earlier releases named their temporary files by their process id.
  private static final Pattern EARLIER_SHIMS = Pattern.compile("\\.\\d{1,10}");

  private static final AtomicLong NUMBER = new AtomicLong();
  private static final Set<StandardOpenOption> NEW_FILE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;

  /// @param path where the file is or is to be
  public DurableFile(Path path) {
    this.path = path;
  }

  /// Writes the file, replacing an older one.
  public void replace(String text) throws IOException {
    Path temporary = temporary(text);
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
    Path temporary = temporary(text);
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

  /// Deletes temporary files of writers that were killed, including shims.
  ///
  /// @param directory searched with everything below it
  /// @param age a writer that has taken longer than this is dead
  public static void deleteAbandoned(Path directory, Duration age) throws IOException {
    Instant limit = Instant.now().minus(age);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        if (isTemporary(String.valueOf(file.getFileName()))
            && Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (NoSuchFileException | UncheckedIOException _) {
      // Another process deleted something meanwhile; the rest waits for the next time.
    }
  }

  private static boolean isTemporary(String name) {
    return name.startsWith(TEMPORARY_PREFIX) || EARLIER_SHIMS.matcher(name).matches();
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

  private Path temporary(String text) throws IOException {
    PrivateDirectory.create(directory());
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
    try (FileChannel channel = FileChannel.open(temporary, NEW_FILE, OWNER_ONLY)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
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
