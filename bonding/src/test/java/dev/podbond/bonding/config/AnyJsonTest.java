package dev.podbond.bonding.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.podbond.bonding.option.BondOption;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Any object is either a configuration, or refused with reasons.
class AnyJsonTest {
  private static final int RUNS = 5_000;

  private static final List<String> KEYS =
      Stream.concat(
              Stream.of(
                  "name",
                  "type",
                  "links",
                  "linksInContainer",
                  "allowHostLinks",
                  "ifname",
                  "mtu",
                  "mac",
                  "vlan",
                  "vlanQoS",
                  "vlanProto",
                  "strict",
                  "ipam",
                  "runtimeConfig",
                  "args",
                  "cni",
                  "deviceID",
                  "pciBusID",
                  "prio",
                  "queueId",
                  "spoofchk",
                  "trust",
                  "link_state",
                  "min_tx_rate",
                  "max_tx_rate",
                  "logLevel",
                  "logFile",
                  "other"),
              Stream.of(BondOption.values())
                  .flatMap(
                      option -> Stream.concat(Stream.of(option.key()), option.aliases().stream())))
          .toList();

  private static final List<String> TEXTS =
      List.of(
          "",
          "net1",
          "net2",
          "bond0",
          "0000:01:10.0",
          "0000:02:10.0",
          "1",
          "100",
          "-1",
          "99999999999999999999",
          "+7",
          "on",
          "off",
          "active-backup",
          "lacp",
          "tlb",
          "802.3ad",
          "layer2+3",
          "follow",
          "10.0.0.1",
          "10.0.0.1,10.0.0.2",
          "2001:db8::1",
          "::1%lo",
          "02:00:00:00:00:01",
          "ff:ff:ff:ff:ff:ff",
          "auto",
          "802.1ad",
          "bond",
          "\u0000",
          "é",
          "a/b",
          "all",
          "İ");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "2",
          "7",
          "100",
          "200",
          "-1",
          "1.5",
          "1e3",
          "2147483648",
          "-0",
          "1e400",
          "123456789012345678901234567890");

  @Test
  void parsesOrIsRefusedAndNothingElse() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int parsed = 0;
    for (int run = 0; run < RUNS; run++) {
      JsonObject config = config(random);
      Optional<String> mac = random.nextInt(4) == 0 ? Optional.of(text(random)) : Optional.empty();
      try {
        if (random.nextBoolean()) {
          BondConfig bond = BondConfig.parse(config, mac);
          assertThat(bond.members()).hasSizeBetween(2, 16);
          assertThat(bond.options().get(BondOption.MODE)).isPresent();
        } else {
          SriovConfig.parse(config, mac);
        }
        NodeSettings.parse(config);
        parsed++;
      } catch (InvalidConfigException refusal) {
        assertThat(refusal.problems()).as("seed %d: %s", seed, config).isNotEmpty();
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + ", run " + run + ": " + config, e);
      }
    }
    assertThat(parsed).as("configurations that parsed with seed %d", seed).isPositive();
  }

  /// Now and then a good configuration with a little noise, so that both outcomes occur.
  private static JsonObject config(RandomGenerator random) {
    JsonObject.Builder config = JsonObject.builder();
    if (random.nextInt(3) > 0) {
      config.put("name", "n").put("mode", "1").put("deviceID", "0000:01:10.0");
      config.put(
          "links",
          JsonArray.of(
              JsonObject.of("name", new JsonString("net1")),
              JsonObject.of("deviceID", new JsonString("0000:02:10.0"))));
    }
    int extra = random.nextInt(5);
    for (int i = 0; i < extra; i++) {
      config.put(key(random), value(random, 3));
    }
    return config.build();
  }

  private static String key(RandomGenerator random) {
    String key = KEYS.get(random.nextInt(KEYS.size()));
    return random.nextInt(4) == 0 ? key.toUpperCase(Locale.ROOT) : key;
  }

  private static String text(RandomGenerator random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private static JsonValue value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> JsonNull.NULL;
      case 1 -> JsonBoolean.of(random.nextBoolean());
      case 2, 3 -> new JsonNumber(NUMBERS.get(random.nextInt(NUMBERS.size())));
      case 4, 5 -> new JsonString(text(random));
      case 6, 7 -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = random.nextInt(18); i > 0; i--) {
          elements.add(value(random, depth - 1));
        }
        yield new JsonArray(elements);
      }
      default -> {
        JsonObject.Builder object = JsonObject.builder();
        for (int i = random.nextInt(5); i > 0; i--) {
          object.put(key(random), value(random, depth - 1));
        }
        yield object.build();
      }
    };
  }
}
