package dev.podbond.cluster.bond;

import dev.podbond.bonding.config.CniIfname;
import dev.podbond.bonding.config.ConfigProblem;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import dev.podbond.json.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads `vlans` of a BondNetwork; problems are reported with the user's own words and places.
final class BondVlans {
  static final String KEY = "vlans";

  /// Each VLAN is a network attachment, and one more step in the creation of each pod.
  static final int MAX = 32;

  /// The limit for an object of Kubernetes (RFC 1123 subdomain).
  private static final int MAX_NAME = 253;

  private static final String ID = "id";
  private static final String NAME = "name";
  private static final Set<String> FIELDS = Set.of(ID, NAME, "mtu", "ipam", BondChain.KEY);

  /// Fields passed on to the plugin unchanged.
  private static final List<String> PASSED_ON = List.of("mtu", "ipam");

  private final String bondNetwork;
  private final String bondInterface;
  private final JsonObject spec;
  private final List<ConfigProblem> problems;

  /// @param problems problems are added to this list
  BondVlans(
      String bondNetwork, String bondInterface, JsonObject spec, List<ConfigProblem> problems) {
    this.bondNetwork = bondNetwork;
    this.bondInterface = bondInterface;
    this.spec = spec;
    this.problems = problems;
  }

  /// The VLANs; wrong ones are left out.
  ///
  /// @param members the members, whose names are taken
  List<BondVlan> read(List<BondMember> members) {
    JsonValue found = spec.get(KEY).orElse(JsonNull.NULL);
    if (found == JsonNull.NULL) {
      return List.of();
    }
    if (!(found instanceof JsonArray(List<JsonValue> elements))) {
      refuse(KEY, "is not a list", "it must be a list of objects with id");
      return List.of();
    }
    if (elements.size() > MAX) {
      refuse(KEY, "has " + elements.size() + " entries", "a BondNetwork takes " + MAX);
      return List.of();
    }
    if (!elements.isEmpty() && spec.get("vlan").isPresent()) {
      refuse(
          "vlan",
          "stands beside " + KEY,
          "leave it out and have the VLAN that carries its ipam among " + KEY);
    }
    Map<String, String> interfaces = new HashMap<>();
    interfaces.put(bondInterface, "the bond's");
    members.forEach(
        member -> interfaces.put(member.interfaceName(), "that of member " + member.network()));
    Map<JsonValue, Integer> ids = new HashMap<>();
    List<BondVlan> vlans = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      String at = KEY + "[" + i + "]";
      if (elements.get(i) instanceof JsonObject entry) {
        BondVlan vlan = vlan(at, entry);
        Integer other = ids.putIfAbsent(entry.get(ID).orElse(JsonNull.NULL), i);
        if (other != null && entry.get(ID).isPresent()) {
          refuse(
              at + "." + ID,
              "is " + entry.get(ID).get() + ", as in " + KEY + "[" + other + "]",
              "each VLAN can be on a bond once");
        }
        String taken = interfaces.putIfAbsent(vlan.interfaceName(), "that of " + at);
        if (taken != null) {
          refuse(
              at + "." + NAME,
              "is \"" + vlan.interfaceName() + "\", which is " + taken,
              "give it another name");
        }
        vlans.add(vlan);
      } else {
        refuse(at, "is not an object", "it must be an object with id");
      }
    }
    return vlans;
  }

  private BondVlan vlan(String at, JsonObject entry) {
    entry.members().keySet().stream()
        .filter(key -> !FIELDS.contains(key))
        .forEach(key ->
            refuse(
                at + "." + shortened(key),
                "is unknown",
                "a VLAN takes " + String.join(", ", FIELDS.stream().sorted().toList())));
    OptionalInt id = LenientObject.number(entry, ID);
    String suffix = id.isPresent() ? "-v" + id.getAsInt() : "-v";
    String network = bondNetwork + suffix;
    if (network.length() > MAX_NAME) {
      refuse(
          at,
          "needs a network attachment whose name has " + network.length() + " characters",
          "the name of an object has at most " + MAX_NAME + "; name the BondNetwork shorter");
    }
    String name =
        interfaceName(at, entry).orElseGet(() -> BondInterfaces.vlan(bondInterface, suffix));
    JsonObject.Builder config =
        JsonObject.builder()
            .put("cniVersion", BondNetwork.CNI_VERSION)
            .put("name", network)
            .put("type", "bond")
            .put(VlanConfig.FIELD, bondInterface)
            .putIfPresent("vlan", entry.get(ID))
            .putIfPresent("strict", spec.get("strict"));
    PASSED_ON.forEach(key -> config.putIfPresent(key, entry.get(key)));
    JsonObject built = config.build();
    judge(at, built);
    return new BondVlan(network, name, built, new BondChain(at + ".", entry, problems).read());
  }

  private Optional<String> interfaceName(String at, JsonObject entry) {
    JsonValue name = entry.get(NAME).orElse(JsonNull.NULL);
    if (name == JsonNull.NULL) {
      return Optional.empty();
    }
    String text = name instanceof JsonString(String string) ? string : "";
    try {
      return Optional.of(CniIfname.require(text));
    } catch (InvalidConfigException e) {
      e.problems().forEach(problem -> refuse(at + "." + NAME, problem.found(), problem.remedy()));
      return Optional.empty();
    }
  }

  /// Reports the plugin's own problems, with the names that its fields have here.
  private void judge(String at, JsonObject config) {
    try {
      VlanConfig vlan = VlanConfig.parse(config, Optional.empty());
      OptionalInt bond = LenientObject.number(spec, "mtu");
      if (bond.isPresent() && vlan.mtuBytes().orElse(0) > bond.getAsInt()) {
        refuse(
            at + ".mtu",
            "is " + vlan.mtuBytes().getAsInt(),
            "the bond's mtu is " + bond.getAsInt() + "; a VLAN on it can have that or less");
      }
    } catch (InvalidConfigException e) {
      for (ConfigProblem problem : e.problems()) {
        switch (problem.key()) {
          // The bond's own name is checked where it is given, and so are these fields of the bond.
          case VlanConfig.FIELD, "name", "strict" -> {}
          case "vlan" -> refuse(at + "." + ID, problem.found(), problem.remedy());
          default -> refuse(at + "." + problem.key(), problem.found(), problem.remedy());
        }
      }
    }
  }

  private void refuse(String key, String found, String remedy) {
    problems.add(new ConfigProblem(key, found, remedy));
  }

  private static String shortened(String key) {
    return key.length() <= 40 ? key : Printable.head(key, 40) + "…";
  }
}
