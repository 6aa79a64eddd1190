package dev.podbond.cli.command;

import dev.podbond.value.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads the text of a file named by a user, which may not be text and may never end.
final class InputText {
  /// Means the standard input.
  static final Path STDIN = Path.of("-");

  /// More than a cluster's objects of these kinds have; the YAML reader does not accept more
  /// characters either.
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private InputText() {}

  /// The text of a file, of the standard input for `-`, or of a file that a shell hands over.
  ///
  /// @throws IOException in plain words, without the file's name
  static String of(Path file, InputStream stdin) throws IOException {
    if (file.equals(STDIN)) {
      return decoded(stdin.readNBytes(MOST_BYTES + 1));
    }
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a directory");
      }
      if (Files.exists(file) && !Files.isRegularFile(file) && !isHandedOver(file)) {
        throw new IOException(
            "it is not a regular file but a pipe, a device or a socket; a text that another program"
                + " writes can be given by -f -");
      }
      try (InputStream in = Files.newInputStream(file)) {
        return decoded(in.readNBytes(MOST_BYTES + 1));
      }
    } catch (FileSystemException e) {
      throw new IOException(IoReason.of(e), e);
    }
  }

  /// As `<(…)` of a shell and `/dev/stdin`, whose other end belongs to the caller.
  private static boolean isHandedOver(Path file) {
    Path whole = file.toAbsolutePath().normalize();
    return whole.equals(Path.of("/dev/stdin"))
        || whole.startsWith("/dev/fd")
        || whole.startsWith("/proc/self/fd");
  }

  private static String decoded(byte[] bytes) throws IOException {
    if (bytes.length > MOST_BYTES) {
      throw new IOException(
          "it has more than %d MiB, which is the limit; give its objects in several files"
              .formatted(MOST_BYTES / 1024 / 1024));
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int i = 0; i < rest.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new IOException("it is not UTF-8 in line " + line + "; save it as UTF-8", e);
    }
  }
}
