package dev.podbond.ipam.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `CNI_ARGS` as the Go library reads it into a structure: unknown keys are allowed only with
/// `IgnoreUnknown`, letter case counts.
///
/// @param known the values of the keys that the plugin knows
public record EnvArgs(Map<String, String> known) {
  private static final String IGNORE = "IgnoreUnknown";

  /// Copies the map.
  public EnvArgs {
    known = Map.copyOf(known);
  }

  /// Reads the variable.
  ///
  /// @param text its value; empty if it is not set
  /// @param keys those that the plugin knows
  public static EnvArgs of(String text, Set<String> keys) throws UnfamiliarException {
    Map<String, String> known = new HashMap<>();
    if (text.isEmpty()) {
      return new EnvArgs(known);
    }
    boolean ignores = false;
    Optional<String> unknown = Optional.empty();
    for (String pair : text.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0 || equals != pair.lastIndexOf('=')) {
        throw new UnfamiliarException("CNI_ARGS has a part that is not KEY=VALUE");
      }
      String key = pair.substring(0, equals);
      String value = pair.substring(equals + 1);
      if (key.equals(IGNORE)) {
        ignores = flag(value);
      } else if (keys.contains(key)) {
        known.put(key, value);
      } else if (key.equals("CommonArgs")) {
        // The Go library would take this one for a structure of its own.
        throw new UnfamiliarException("CNI_ARGS has " + key);
      } else {
        unknown = Optional.of(key);
      }
    }
    if (!ignores && unknown.isPresent()) {
      throw new UnfamiliarException("CNI_ARGS has an unknown key without IgnoreUnknown");
    }
    return new EnvArgs(known);
  }

  private static boolean flag(String value) throws UnfamiliarException {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new UnfamiliarException("CNI_ARGS has an unusual IgnoreUnknown");
    };
  }

  /// The value of a known key; empty also if it is empty.
  public Optional<String> get(String key) {
    return Optional.ofNullable(known.get(key)).filter(value -> !value.isEmpty());
  }
}
