package dev.podbond.node.wrong;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/// Breaks the rule on modes. Nothing calls it.
public final class Permitter {
  private Permitter() {}

  static void setsAMode(Path file) throws IOException {
    Files.setPosixFilePermissions(file, Set.of());
  }

  static void setsAnOwner(Path file, UserPrincipal owner) throws IOException {
    Files.setOwner(file, owner);
  }

  static void setsAnAttribute(Path file) throws IOException {
    Files.setAttribute(file, "unix:mode", 0);
  }

  static void setsATime(Path file, FileTime time) throws IOException {
    Files.setLastModifiedTime(file, time);
  }
}
