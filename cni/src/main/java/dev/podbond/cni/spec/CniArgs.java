package dev.podbond.cni.spec;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The value of `CNI_ARGS`: pairs `KEY=VALUE` separated by semicolons.
///
/// It is parsed only when read, so malformed text does no harm to plugins that take no arguments.
///
/// @param text the variable as given; empty if it was not set
public record CniArgs(String text) {
  /// The arguments that the given pairs spell.
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

  /// The pod that Kubernetes' runtimes name, as `namespace/name`.
  public Optional<String> pod() {
    return get("K8S_POD_NAME").map(name -> get("K8S_POD_NAMESPACE").orElse("default") + "/" + name);
  }

  private Stream<String> pieces() {
    return text.isEmpty() ? Stream.of() : Arrays.stream(text.split(";", -1));
  }
}
