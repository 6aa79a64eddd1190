package dev.podbond.agent.install;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.podbond.node.state.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The shim under the names by which runtimes call it. Each step is one rename or link. So a
/// runtime that executes a name at any moment gets either the old program or the new one, never a
/// part of one, and never finds the name missing.
///
/// If another program has one of the names, it is kept beside the shim and comes back when the shim
/// is removed.
public final class ShimInstallation {
  /// Every release of the shim prints this text, so its executable contains it. Other programs do
  /// not.
  private static final byte[] MARK = "Podbond CNI plugin ".getBytes(StandardCharsets.US_ASCII);

  private static final int LARGEST_SHIM_BYTES = 4 << 20;
  private static final String KEPT = ".before-podbond";
  private static final Duration ABANDONED_AFTER = Duration.ofMinutes(10);
  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

  private final Path directory;
  private final List<String> names;

  /// @param directory the directory in which the node's runtime looks for plugins
  /// @throws IllegalArgumentException for a name that is a path or starts with a dot
  public ShimInstallation(Path directory, List<String> names) {
    for (String name : names) {
      if (!name.matches(NAME)) {
        throw new IllegalArgumentException(
            "\"" + name + "\" is not a name for a CNI plugin: letters, digits, '.', '_' and '-'");
      }
    }
    this.directory = directory;
    this.names = List.copyOf(names);
  }

  /// Puts the shim under every name, and replaces older releases of it. A name that an earlier
  /// installation gave it gets the new shim too: the runtime deletes pods under the name under
  /// which it attached them.
  ///
  /// @return those earlier names, in alphabetical order
  public List<String> install(Path shim) throws IOException {
    DurableFile.deleteOwnAbandoned(directory, ABANDONED_AFTER);
    byte[] program = Files.readAllBytes(shim);
    for (String name : names) {
      Path target = directory.resolve(name);
      DurableFile file = new DurableFile(target);
      if (Files.exists(target) && !isShim(target)) {
        file.link(kept(name));
      }
      file.replace(program, PROGRAM);
    }
    List<String> earlier = earlierNames();
    for (String name : earlier) {
      new DurableFile(directory.resolve(name)).replace(program, PROGRAM);
    }
    return earlier;
  }

  /// Removes the shim from every name that it still has, those of earlier installations included,
  /// and puts back the program that had the name before.
  public void remove() throws IOException {
    for (String name : Stream.concat(names.stream(), earlierNames().stream()).toList()) {
      Path target = directory.resolve(name);
      DurableFile kept = new DurableFile(kept(name));
      if (!isShim(target)) {
        // Somebody installed another program over the shim, so nobody needs the earlier one.
        kept.delete();
      } else if (Files.exists(kept(name))) {
        kept.rename(target);
      } else {
        new DurableFile(target).delete();
      }
    }
  }

  private List<String> earlierNames() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(ShimInstallation::isReadableShim)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(NAME) && !names.contains(name))
          .sorted()
          .toList();
    }
  }

  /// What cannot be read is somebody else's.
  private static boolean isReadableShim(Path file) {
    try {
      return Files.isRegularFile(file, NOFOLLOW_LINKS) && isShim(file);
    } catch (IOException _) {
      return false;
    }
  }

  private Path kept(String name) {
    return directory.resolve("." + name + KEPT);
  }

  private static boolean isShim(Path file) throws IOException {
    try {
      return Files.size(file) <= LARGEST_SHIM_BYTES && contains(Files.readAllBytes(file), MARK);
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .contains(new String(part, StandardCharsets.ISO_8859_1));
  }
}
