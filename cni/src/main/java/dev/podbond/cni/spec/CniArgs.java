package dev.podbond.cni.spec;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The value of `CNI_ARGS`: pairs `KEY=VALUE` separated by semicolons.
///
/// It is parsed only when read, so malformed text does no harm to plugins that take no arguments.
///
/// @param text the variable as given; empty if it was not set
public record CniArgs(String text) {

  /// No arguments.
  public static final CniArgs NONE = new CniArgs("");

  private static final String IGNORE_UNKNOWN = "IgnoreUnknown";

  /// The arguments made of the given pairs.
  public static CniArgs of(Map<String, String> pairs) {
    return new CniArgs(
        String.join(
            ";", pairs.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
  }

  /// The value of a key (letter case counts); the last one if there are several.
  public Optional<String> get(String key) {
    return pieces()
        .filter(pair -> pair.startsWith(key + "="))
        .map(pair -> pair.substring(key.length() + 1))
        .reduce((_, last) -> last);
  }

  /// All pairs by key, in order.
  ///
  /// @throws CniException with code 4 if a pair does not have exactly one equals sign
  public Map<String, String> pairs() throws CniException {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : pieces().toList()) {
      int equals = pair.indexOf('=');
      if (equals < 0 || pair.indexOf('=', equals + 1) >= 0) {
        throw new CniException(
            CniErrorCode.INVALID_ENVIRONMENT, "CNI_ARGS: invalid pair \"" + pair + "\"");
      }
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }

  /// Refuses keys that the plugin does not know, unless `IgnoreUnknown` is `true` or `1`.
  ///
  /// @throws CniException with code 4 naming the pairs, or a malformed one
  public void requireKnown(Set<String> known) throws CniException {
    Map<String, String> pairs = pairs();
    if (ignoresUnknown(pairs.getOrDefault(IGNORE_UNKNOWN, "false"))) {
      return;
    }
    pairs.keySet().removeAll(known);
    pairs.remove(IGNORE_UNKNOWN);
    if (!pairs.isEmpty()) {
      throw new CniException(
          CniErrorCode.INVALID_ENVIRONMENT,
          "CNI_ARGS: unknown args " + pairs,
          "set IgnoreUnknown=true to have them ignored");
    }
  }

  private static boolean ignoresUnknown(String value) throws CniException {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default ->
          throw new CniException(
              CniErrorCode.INVALID_ENVIRONMENT,
              "CNI_ARGS: IgnoreUnknown is neither true nor false: \"" + value + "\"");
    };
  }

  private Stream<String> pieces() {
    return text.isEmpty() ? Stream.of() : Arrays.stream(text.split(";", -1));
  }
}
