package dev.podbond.node.state;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The places in a state directory. Something else in such a place, such as a FIFO, would block
/// whoever opens it for ever.
public final class StateLayout {
  private static final String DAMAGED = "damaged";
  private static final List<String> DIRECTORIES =
      List.of(DAMAGED, "pending", "vf", "demoted", "vflinkstate");
  private static final List<String> FILES = List.of("lock");

  private StateLayout() {}

  /// Moves anything out of the way that is at the place of one of our files or directories but has
  /// another type.
  ///
  /// @param told gets a sentence about each
  public static void clear(Path directory, Consumer<String> told) {
    for (String name : DIRECTORIES) {
      Path place = directory.resolve(name);
      if (Files.exists(place, NOFOLLOW_LINKS) && !Files.isDirectory(place)) {
        setAside(directory, place, "a directory", told);
      }
    }
    for (String name : FILES) {
      Path place = directory.resolve(name);
      if (Files.exists(place, NOFOLLOW_LINKS) && !Files.isRegularFile(place, NOFOLLOW_LINKS)) {
        setAside(directory, place, "a file", told);
      }
    }
  }

  private static void setAside(Path directory, Path place, String meant, Consumer<String> told) {
    String name = String.valueOf(place.getFileName());
    Path aside =
        name.equals(DAMAGED)
            ? directory.resolve("damaged-itself")
            : directory.resolve(DAMAGED).resolve("was-" + name);
    try {
      StateFiles.DURABLE.setAside(place, aside);
      told.accept(place + " was moved to " + aside + ", since it is not " + meant);
    } catch (IOException e) {
      told.accept(
          place + " is not " + meant + " and cannot be moved to " + aside + ": " + IoReason.of(e));
    }
  }
}
