package dev.podbond.cluster.pod;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The claims of a pod for its bonds' VFs, and what it lacks of them.
final class PodClaims {
  private static final String CLAIMS = "resourceClaims";
  private static final String TEMPLATE = "resourceClaimTemplateName";
  private static final String NAME = "name";

  private final JsonObject spec;
  private final Map<String, String> wanted;

  /// @param wanted the templates, by the names that the claims have in the pod
  PodClaims(JsonObject pod, Map<String, String> wanted) {
    this.spec = LenientObject.object(pod, "spec");
    this.wanted = wanted;
  }

  /// Claims that the pod does not have, or that no container uses. A claim from an earlier template
  /// counts: what a pod claims never changes.
  Set<String> missing() {
    Set<String> missing = new TreeSet<>(undeclared());
    missing.addAll(unused());
    return missing;
  }

  /// The operations that bring the claims into the `spec` of a new pod, except into its containers.
  List<JsonObject> declare() {
    List<JsonObject> operations = new ArrayList<>();
    List<JsonObject> present = declared();
    for (int i = 0; i < present.size(); i++) {
      Optional<JsonObject> entry =
          LenientObject.text(present.get(i), NAME).filter(wanted::containsKey).map(this::entry);
      if (entry.isPresent() && !entry.get().equals(present.get(i))) {
        // From the manifest of a pod that was: its template may be gone.
        operations.add(operation("replace", "/spec/" + CLAIMS + "/" + i, entry.get()));
      }
    }
    List<JsonValue> more = undeclared().stream().<JsonValue>map(this::entry).toList();
    if (present.isEmpty() && !more.isEmpty()) {
      operations.add(operation("add", "/spec/" + CLAIMS, new JsonArray(more)));
    } else {
      more.forEach(entry -> operations.add(operation("add", "/spec/" + CLAIMS + "/-", entry)));
    }
    return operations;
  }

  /// Claims that no container uses.
  Set<String> unused() {
    Set<String> unused = new TreeSet<>(wanted.keySet());
    Stream.of("containers", "initContainers")
        .flatMap(kind -> LenientObject.objects(spec, kind).stream())
        .map(container -> LenientObject.object(container, "resources"))
        .flatMap(resources -> LenientObject.objects(resources, "claims").stream())
        .forEach(claim -> LenientObject.text(claim, NAME).ifPresent(unused::remove));
    return unused;
  }

  /// The `resources` of a container that uses some more claims.
  static JsonObject with(JsonObject resources, Set<String> more) {
    List<JsonValue> claims = new ArrayList<>(LenientObject.objects(resources, "claims"));
    more.forEach(claim -> claims.add(JsonObject.of(NAME, new JsonString(claim))));
    return resources.with("claims", new JsonArray(claims));
  }

  private List<JsonObject> declared() {
    return LenientObject.objects(spec, CLAIMS);
  }

  private Set<String> undeclared() {
    Set<String> undeclared = new TreeSet<>(wanted.keySet());
    declared().forEach(claim -> LenientObject.text(claim, NAME).ifPresent(undeclared::remove));
    return undeclared;
  }

  private JsonObject entry(String claim) {
    return JsonObject.of(
        NAME, new JsonString(claim), TEMPLATE, new JsonString(wanted.getOrDefault(claim, "")));
  }

  private static JsonObject operation(String op, String path, JsonValue value) {
    return JsonObject.of("op", new JsonString(op), "path", new JsonString(path), "value", value);
  }
}
