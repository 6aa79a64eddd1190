package dev.podbond.cni.spec;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Name service settings, in configurations and results.
///
/// @param nameservers addresses in order of preference
/// @param domain the local domain
/// @param search domains to search in order
/// @param options options of the resolver
/// @param unknown members the specification does not name
public record Dns(
    List<String> nameservers,
    Optional<String> domain,
    List<String> search,
    List<String> options,
    JsonObject unknown) {

  /// No settings at all.
  public static final Dns NONE =
      new Dns(List.of(), Optional.empty(), List.of(), List.of(), JsonObject.of());

  private static final Set<String> KNOWN = Set.of("nameservers", "domain", "search", "options");

  /// Copies the lists.
  public Dns {
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
    options = List.copyOf(options);
  }

  /// True if nothing is set.
  public boolean isEmpty() {
    return equals(NONE);
  }

  static Dns parse(JsonReader<CniException> in) throws CniException {
    return new Dns(
        in.strings("nameservers"),
        in.nonEmptyString("domain"),
        in.strings("search"),
        in.strings("options"),
        CniReader.without(in, KNOWN));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("nameservers", nonEmpty(nameservers), JsonArray::ofStrings)
        .putIfPresent("domain", domain, JsonString::new)
        .putIfPresent("search", nonEmpty(search), JsonArray::ofStrings)
        .putIfPresent("options", nonEmpty(options), JsonArray::ofStrings)
        .putAll(unknown)
        .build();
  }

  private static Optional<List<String>> nonEmpty(List<String> list) {
    return Optional.of(list).filter(l -> !l.isEmpty());
  }
}
