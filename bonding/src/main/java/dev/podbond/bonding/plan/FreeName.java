package dev.podbond.bonding.plan;

import dev.podbond.value.InterfaceName;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Names for links whose own name is taken.
public final class FreeName {
  private FreeName() {}

  /// `name` if it is free, otherwise the first free one of `name_1`, `name_2`, ..., shortened to
  /// the kernel's limit.
  static String near(String name, Predicate<String> isTaken) {
    return candidates(name).filter(candidate -> !isTaken.test(candidate)).findFirst().orElseThrow();
  }

  /// The names to try in place of a name, starting with itself, without end.
  public static Stream<String> candidates(String name) {
    return Stream.concat(
        Stream.of(name), IntStream.iterate(1, n -> n + 1).mapToObj(n -> cut(name, "_" + n)));
  }

  /// `name` and `suffix`; `name` is cut so that both fit.
  static String cut(String name, String suffix) {
    int room = InterfaceName.MAX_LENGTH - suffix.length();
    return name.substring(0, Math.min(name.length(), room)) + suffix;
  }
}
