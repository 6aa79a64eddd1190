package dev.podbond.operator;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionDomain;
import dev.podbond.cluster.bond.BondAdmission;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random BondNetworks: any mode, with options drawn from their domains; the plugin accepts some
/// and refuses others.
final class RandomBonds {
  private final Random random;

  RandomBonds(long seed) {
    random = new Random(seed);
  }

  /// BondNetworks that the plugin accepts.
  List<JsonObject> valid(int count, String namespace) {
    List<JsonObject> bonds = new ArrayList<>();
    while (bonds.size() < count) {
      JsonObject drawn = next("random-" + bonds.size(), namespace);
      if (BondAdmission.refusal(BondNetwork.of(drawn), BondRules.DEFAULT).isEmpty()) {
        bonds.add(drawn);
      }
    }
    return bonds;
  }

  /// BondNetworks that the plugin refuses.
  List<JsonObject> invalid(int count, String namespace) {
    List<JsonObject> bonds = new ArrayList<>();
    while (bonds.size() < count) {
      JsonObject drawn = next("refused-" + bonds.size(), namespace);
      if (BondAdmission.refusal(BondNetwork.of(drawn), BondRules.DEFAULT).isPresent()) {
        bonds.add(drawn);
      }
    }
    return bonds;
  }

  private JsonObject next(String name, String namespace) {
    return JsonObject.builder()
        .put("apiVersion", BondNetwork.API_VERSION)
        .put("kind", BondNetwork.KIND)
        .put(
            "metadata",
            JsonObject.of("name", new JsonString(name), "namespace", new JsonString(namespace)))
        .put("spec", spec())
        .build();
  }

  private JsonObject spec() {
    JsonObject.Builder spec = JsonObject.builder();
    BondMode mode = BondMode.values()[random.nextInt(BondMode.values().length)];
    spec.put("mode", mode.toString());
    List<JsonValue> members = new ArrayList<>();
    for (int i = 2 + random.nextInt(3); i > 0; i--) {
      members.add(JsonObject.of("sriovNetwork", new JsonString("network-" + i)));
    }
    spec.put("members", new JsonArray(members));
    if (random.nextBoolean()) {
      spec.put("mtu", 1280 + random.nextInt(8000));
    }
    if (random.nextInt(4) == 0) {
      spec.put("vlan", 1 + random.nextInt(4094));
    }
    if (random.nextInt(4) == 0) {
      spec.put("mac", "02:00:00:00:00:%02x".formatted(random.nextInt(256)));
    }
    if (random.nextBoolean()) {
      spec.put(
          "ipam",
          JsonObject.of(
              "type", new JsonString("host-local"), "subnet", new JsonString("10.1.0.0/24")));
    }
    if (random.nextInt(4) == 0) {
      spec.put("chain", JsonArray.of(plugin("tuning"), plugin("sbr")));
    }
    if (random.nextInt(4) == 0 && spec.build().get("vlan").isEmpty()) {
      spec.put("vlans", vlans());
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      BondOption option = BondOption.values()[random.nextInt(BondOption.values().length)];
      if (!(option.domain() instanceof OptionDomain.NotSettable) && option != BondOption.MODE) {
        spec.put(option.key(), value(option.domain()));
      }
    }
    return spec.build();
  }

  private static JsonObject plugin(String type) {
    return JsonObject.of("type", new JsonString(type));
  }

  /// Different ids, as the schema demands; the MTU is at the bond's limit or above.
  private JsonArray vlans() {
    List<JsonValue> vlans = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      JsonObject.Builder vlan = JsonObject.builder().put("id", 1000 * i + random.nextInt(900));
      if (random.nextBoolean()) {
        vlan.put("mtu", 1280 + random.nextInt(8000));
      }
      if (random.nextBoolean()) {
        vlan.put("ipam", plugin("static"));
      }
      if (random.nextInt(3) == 0) {
        vlan.put("chain", JsonArray.of(plugin("sbr")));
      }
      vlans.add(vlan.build());
    }
    return new JsonArray(vlans);
  }

  private JsonValue value(OptionDomain domain) {
    return switch (domain) {
      case OptionDomain.Range range -> {
        long number = range.min() + random.nextLong(Math.min(range.max() - range.min(), 300) + 1);
        yield random.nextBoolean() ? JsonNumber.of(number) : new JsonString(Long.toString(number));
      }
      case OptionDomain.Choice choice ->
          new JsonString(choice.names().get(random.nextInt(choice.names().size())).text());
      case OptionDomain.Flag _ -> JsonBoolean.of(random.nextBoolean());
      case OptionDomain.Targets targets ->
          JsonArray.of(new JsonString(targets.ipv6() ? "fd00::1" : "10.1.0.1"));
      case OptionDomain.MacValue _ -> new JsonString("02:00:00:00:01:01");
      case OptionDomain.Member _ -> new JsonString("network-1");
      case OptionDomain.NotSettable _ -> throw new IllegalArgumentException("not settable");
    };
  }
}
