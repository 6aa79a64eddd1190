package dev.podbond.node.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/// What a file of a node's state must be: an ordinary file. A pipe would block its reader for ever,
/// and a link leads elsewhere.
public final class StateFile {
  private StateFile() {}

  /// Refuses anything but an ordinary file before a caller opens it.
  ///
  /// @throws NoSuchFileException if there is nothing
  /// @throws UnfitFileException if it is a pipe, a link, a directory or the like
  public static void requireOrdinary(Path file) throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString());
    }
    throw new UnfitFileException(file + " is not an ordinary file");
  }

  /// A file's name in characters that every locale has. Anybody may have named the file, and a file
  /// that is moved aside needs a name that can be written.
  public static String plainName(Path file) {
    String name = String.valueOf(file.getFileName());
    char[] plain = name.toCharArray();
    for (int i = 0; i < plain.length; i++) {
      if (plain[i] <= ' ' || plain[i] >= 0x7f) {
        plain[i] = '_';
      }
    }
    return Arrays.equals(plain, name.toCharArray())
        ? name
        : new String(plain) + "-" + Integer.toHexString(file.hashCode());
  }

  /// We never write such a file.
  public static final class UnfitFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnfitFileException(String message) {
      super(message);
    }
  }
}
