package dev.podbond.node.wrong;

import java.io.FileOutputStream;
import java.io.FileWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Breaks the rule on files. Nothing calls it.
public final class Writer {
  private interface Write {
    Path to(Path file, byte[] content) throws IOException;
  }

  private Writer() {}

  static void writesBytes(Path file) throws IOException {
    Files.write(file, new byte[1]);
  }

  static void writesText(Path file) throws IOException {
    Files.writeString(file, "text");
  }

  static OutputStream opensAStream(Path file) throws IOException {
    return Files.newOutputStream(file);
  }

  static void moves(Path from, Path to) throws IOException {
    Files.move(from, to);
  }

  static void copies(Path from, Path to) throws IOException {
    Files.copy(from, to);
  }

  static FileChannel opensAChannel(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE);
  }

  static Write passesTheCallOn() {
    return Files::write;
  }

  static OutputStream opensAnOldStream(String file) throws IOException {
    return new FileOutputStream(file);
  }

  static FileWriter opensAWriter(String file) throws IOException {
    return new FileWriter(file, StandardCharsets.UTF_8);
  }

  static RandomAccessFile opensForRandomAccess(String file) throws IOException {
    return new RandomAccessFile(file, "rw");
  }
}
