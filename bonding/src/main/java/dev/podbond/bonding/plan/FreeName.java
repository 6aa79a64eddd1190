package dev.podbond.bonding.plan;

import dev.podbond.bonding.net.InterfaceName;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Names for links whose own is taken.
final class FreeName {
  private FreeName() {}

  /// `name` if nobody has it, else the first of `name_1`, `name_2`, ... that is free, shortened to
  /// what the kernel takes.
  static String near(String name, Predicate<String> isTaken) {
    if (!isTaken.test(name)) {
      return name;
    }
    return IntStream.iterate(1, n -> n + 1)
        .mapToObj(n -> cut(name, "_" + n))
        .filter(candidate -> !isTaken.test(candidate))
        .findFirst()
        .orElseThrow();
  }

  /// `name` and `suffix`, the former cut so that both fit.
  static String cut(String name, String suffix) {
    int room = InterfaceName.MAX_LENGTH - suffix.length();
    return (name.length() > room ? name.substring(0, room) : name) + suffix;
  }
}
