package dev.podbond.cli.diagnose;

/// What was found where somebody looked.
///
/// @param <T> what it is
public sealed interface Seen<T> {
  /// It could be read.
  record Known<T>(T value) implements Seen<T> {}

  /// It could not be read, and nothing follows from that.
  ///
  /// @param why in a sentence
  record Hidden<T>(String why) implements Seen<T> {}

  /// What could be read.
  static <T> Seen<T> known(T value) {
    return new Known<>(value);
  }

  /// What could not be read.
  static <T> Seen<T> hidden(String why) {
    return new Hidden<>(why);
  }
}
