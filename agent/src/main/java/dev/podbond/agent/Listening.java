package dev.podbond.agent;

import dev.podbond.value.ListenAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Where an agent listens.
///
/// @param calls for calls, and for questions of the node's administrator
/// @param questions for questions of everybody, if wanted; in a directory of its own
/// @param metrics for metrics over HTTP, if wanted
public record Listening(Path calls, Optional<Path> questions, Optional<ListenAddress> metrics) {
  /// Refuses both sockets in one directory: the one needs it closed, the other open.
  public Listening {
    if (questions.map(Listening::directory).equals(Optional.of(directory(calls)))) {
      throw new IllegalArgumentException(
          questions.get()
              + " must be in another directory than "
              + calls
              + ", which nobody else may enter");
    }
  }

  /// To calls alone.
  public static Listening of(Path calls) {
    return new Listening(calls, Optional.empty(), Optional.empty());
  }

  /// Without links: `/var/run` is `/run`. What does not exist yet has none.
  private static Path directory(Path socket) {
    Path whole = socket.toAbsolutePath();
    Path directory = Optional.ofNullable(whole.getParent()).orElse(whole);
    for (int names = directory.getNameCount(); names > 0; names--) {
      Optional<Path> real = real(directory.getRoot().resolve(directory.subpath(0, names)));
      if (real.isPresent()) {
        return names == directory.getNameCount()
            ? real.get()
            : real.get().resolve(directory.subpath(names, directory.getNameCount())).normalize();
      }
    }
    return directory.normalize();
  }

  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
