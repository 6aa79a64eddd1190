package dev.podbond.cluster.bond;

import dev.podbond.bonding.config.ConfigProblem;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads `chain` of a BondNetwork or of one of its VLANs: the plugins that a runtime runs after the
/// bond, with the same CNI_IFNAME. Their fields are passed on unchanged; a [ChainRule] decides
/// which plugins are allowed.
final class BondChain {
  static final String KEY = "chain";

  static final int MAX = 8;

  /// In characters of JSON, all plugins of a chain together.
  static final int MAX_LENGTH = 16 * 1024;

  private static final String TYPE = "type";

  /// Source-based routing: each address of the interface gets its own routing table.
  private static final String SBR = "sbr";

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /// These make interfaces; in a chain they would have to make one that exists already.
  private static final Set<String> OURS = Set.of("bond", "sriov", "podbond");

  /// Members that only the runtime sets (CNI spec 1.1.0, "Deriving execution configuration").
  private static final List<String> RUNTIMES =
      List.of("name", "cniVersion", "prevResult", "runtimeConfig", "args");

  private final String at;
  private final JsonObject holder;
  private final List<ConfigProblem> problems;

  /// @param at the prefix of `chain` in messages, as `vlans[0].`
  /// @param problems problems are added to this list
  BondChain(String at, JsonObject holder, List<ConfigProblem> problems) {
    this.at = at + KEY;
    this.holder = holder;
    this.problems = problems;
  }

  /// The configurations of the plugins; wrong ones are left out.
  List<JsonObject> read() {
    JsonValue found = holder.get(KEY).orElse(JsonNull.NULL);
    if (found == JsonNull.NULL) {
      return List.of();
    }
    if (!(found instanceof JsonArray(List<JsonValue> elements))) {
      refuse(at, "is not a list", "it must be a list of plugins' configurations");
      return List.of();
    }
    if (elements.size() > MAX) {
      refuse(at, "has " + elements.size() + " entries", "a chain takes " + MAX);
      return List.of();
    }
    int length = found.toString().length();
    if (length > MAX_LENGTH) {
      refuse(at, "has " + length + " characters", "a chain takes " + MAX_LENGTH);
      return List.of();
    }
    List<JsonObject> chain = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      String entry = at + "[" + i + "]";
      if (elements.get(i) instanceof JsonObject plugin) {
        judge(entry, plugin);
        chain.add(plugin);
      } else {
        refuse(entry, "is not an object", "it must be a plugin's configuration, with type");
      }
    }
    return chain;
  }

  private void judge(String entry, JsonObject plugin) {
    Optional<JsonValue> type = plugin.get(TYPE);
    String name = type.orElse(JsonNull.NULL) instanceof JsonString(String text) ? text : "";
    if (type.isEmpty()) {
      refuse(
          entry + "." + TYPE, "is missing", "it must be the name of a CNI plugin, such as tuning");
    } else if (!FILE_NAME.matcher(name).matches()) {
      refuse(
          entry + "." + TYPE,
          type.get() instanceof JsonString ? "is not a file's name" : "is not a string",
          "it must be the name of a CNI plugin, such as tuning");
    } else if (OURS.contains(name)) {
      refuse(
          entry + "." + TYPE,
          "is \"" + name + "\"",
          "it makes an interface of its own; a chain takes plugins that change an existing one");
    }
    if (name.equals(SBR) && !isAddressed()) {
      refuse(
          entry + "." + TYPE,
          "is \"" + SBR + "\"",
          "it fails on an interface without addresses; set ipam, or put it into the chain of the"
              + " VLAN that has the addresses");
    }
    spellings(plugin, TYPE).stream()
        .filter(key -> !key.equals(TYPE))
        .forEach(
            key -> refuse(entry + "." + key, "is another spelling of " + TYPE, "write it " + TYPE));
    RUNTIMES.stream()
        .flatMap(key -> spellings(plugin, key).stream())
        .forEach(
            key -> refuse(entry + "." + key, "is given", "the runtime says that; leave it out"));
  }

  private boolean isAddressed() {
    return LenientObject.text(LenientObject.object(holder, "ipam"), TYPE).isPresent()
        && holder.get("vlan").isEmpty();
  }

  /// Go's decoders match a key in any letter case, and use the last of several.
  private static Set<String> spellings(JsonObject plugin, String key) {
    Set<String> all = new TreeSet<>(plugin.members().keySet());
    all.removeAll(plugin.withoutAny(key).members().keySet());
    return all;
  }

  private void refuse(String key, String found, String remedy) {
    problems.add(new ConfigProblem(key, found, remedy));
  }
}
