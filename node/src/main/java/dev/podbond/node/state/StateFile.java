package dev.podbond.node.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/// A file of a node's state as it is read: an ordinary one, and not longer than anything that is
/// ever written there. A pipe would keep its reader for ever, and a link leads elsewhere.
public final class StateFile {
  private StateFile() {}

  /// Reads a whole file.
  ///
  /// @param mostBytes what it may be long
  /// @throws NoSuchFileException if there is none
  /// @throws UnfitFileException if it is none that is written here
  /// @throws IOException if the disk does not give its content
  public static byte[] read(Path file, int mostBytes) throws IOException {
    requireOrdinary(file);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(mostBytes + 1);
      if (bytes.length > mostBytes) {
        throw new UnfitFileException(
            file + " is longer than the " + mostBytes + " bytes that are allowed");
      }
      return bytes;
    }
  }

  /// Refuses what is no ordinary file before anybody opens it.
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
    throw new UnfitFileException(file + " is no ordinary file");
  }

  /// A name like that of a file, in characters that every locale has: the file may have been named
  /// by anybody, and what is moved aside must get a name that can be written.
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

  /// It is no file that is ever written here.
  public static final class UnfitFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnfitFileException(String message) {
      super(message);
    }
  }
}
