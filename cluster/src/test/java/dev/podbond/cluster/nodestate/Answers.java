package dev.podbond.cluster.nodestate;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What agents answer about their bonds.
final class Answers {
  private static final String[] NASTY = {
    "",
    "\u001b[2J",
    "\n",
    "\u202e",
    "\ud800",
    "\ud83d\ude00",
    "\u00e9",
    "\"",
    "\\",
    "a",
    "net",
    "; "
  };

  private Answers() {}

  static JsonObject json(String text) {
    try {
      return Json.parseObject(text);
    } catch (JsonException e) {
      throw new AssertionError(text, e);
    }
  }

  /// The answer with these bonds of an agent that knows of PF ens1f0 that it has no carrier, and of
  /// PF ens1f1 nothing.
  static JsonObject of(JsonObject... bonds) {
    return of(
        """
        [{"name": "ens1f0", "pci": "0000:3b:00.0", "carrier": false},
         {"name": "ens1f1", "pci": "0000:3b:00.1"}]
        """,
        bonds);
  }

  /// The answer with these PFs and bonds.
  static JsonObject of(String pfs, JsonObject... bonds) {
    return json("{\"pfs\": " + pfs + "}").with("bonds", new JsonArray(List.of(bonds)));
  }

  /// A bond whose member net1 has lost the carrier of its PF, in the words of an agent.
  static JsonObject degraded() {
    return json(
        """
        {"pod": "demo/web-0", "container": "0123456789ab", "ifname": "bond0",
         "network": "demo/bond-net", "netns": "/run/netns/1", "bond": "bond0",
         "mode": "active-backup", "monitoring": "miimon 100", "healthy": false,
         "health": "Degraded", "problems": ["member net1 has no link"], "active": "net2",
         "carrier": true, "configured": 2,
         "members": [
           {"name": "net2", "mii": "up", "failures": 0, "pci": "0000:3b:10.0", "pf": "ens1f1",
            "pfPci": "0000:3b:00.1", "driver": "iavf"},
           {"name": "net1", "mii": "down", "failures": 1, "pci": "0000:3b:02.0", "pf": "ens1f0",
            "pfPci": "0000:3b:00.0", "driver": "iavf"}],
         "since": "2026-11-30T00:10:00.123456Z",
         "survives": [
           {"failure": "cable", "answer": "Yes", "how": "PCIAddress"},
           {"failure": "card", "answer": "No", "how": "PCIAddress", "shared": "0000:3b:00"}],
         "transitions": [
           {"at": "2026-11-30T00:09:00Z", "change": "member net2 up", "cause": "of before"},
           {"at": "2026-11-30T00:10:00.123456Z", "change": "member net1 down",
            "cause": "PF ens1f0 (0000:3b:00.0) has no carrier; of something else"}]}
        """);
  }

  /// A bond in order of this pod.
  static JsonObject healthy(String pod) {
    return json("""
    {"container": "c", "bond": "bond0", "mode": "active-backup", "health": "Healthy",
     "problems": [], "active": "net1", "carrier": true, "configured": 1,
     "members": [{"name": "net1", "mii": "up", "pci": "0000:3b:02.1", "pf": "ens1f0",
                  "pfPci": "0000:3b:00.0"}],
     "since": "2026-11-30T00:00:00Z", "transitions": []}
    """)
        .with("pod", new JsonString(pod));
  }

  /// Something like a bond of an agent, whose every part may be anything.
  static JsonObject anything(Random random) {
    JsonObject bond = random.nextBoolean() ? degraded() : healthy("demo/" + text(random));
    for (int i = random.nextInt(6); i > 0; i--) {
      List<String> names = List.copyOf(bond.members().keySet());
      bond = bond.with(names.get(random.nextInt(names.size())), value(random, 2));
    }
    for (String key : List.of("bond", "pod", "container", "network", "health", "active")) {
      if (random.nextInt(4) == 0) {
        bond = bond.with(key, new JsonString(text(random)));
      }
    }
    if (random.nextInt(4) == 0) {
      List<JsonValue> members = new ArrayList<>();
      for (int i = random.nextInt(40); i > 0; i--) {
        members.add(
            JsonObject.builder()
                .put("name", text(random))
                .put("mii", random.nextBoolean() ? "up" : "missing")
                .put("pci", text(random))
                .put("pf", text(random))
                .put("pfPci", "0000:%02x:00.0".formatted(random.nextInt(256)))
                .put("driver", text(random))
                .build());
      }
      bond = bond.with("members", new JsonArray(members));
    }
    return bond;
  }

  private static JsonValue value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0 -> JsonNull.NULL;
      case 1 -> new JsonString(text(random));
      case 2 -> dev.podbond.json.JsonNumber.of(random.nextInt());
      case 3 -> dev.podbond.json.JsonBoolean.of(random.nextBoolean());
      case 4 -> JsonObject.of(text(random), value(random, depth - 1));
      default -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
          elements.add(value(random, depth - 1));
        }
        yield new JsonArray(elements);
      }
    };
  }

  static String text(Random random) {
    return NASTY[random.nextInt(NASTY.length)].repeat(
            1 + random.nextInt(random.nextInt(8) == 0 ? 800 : 8))
        + NASTY[random.nextInt(NASTY.length)];
  }
}
