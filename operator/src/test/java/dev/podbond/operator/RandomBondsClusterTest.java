package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.cluster.bond.BondAdmission;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.bond.BondVlan;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sends random BondNetworks to the API server. If the plugin's own parser accepts one, it is
/// stored and rendered into a configuration that the plugin reads as the same bond; if the parser
/// refuses it, the API server refuses it with the same words.
@Tag("cluster")
final class RandomBondsClusterTest {
  private static final int WEBHOOK = TestCluster.freePort();
  private static final long SEED = Long.getLong("podbond.seed", 1);
  private static final int COUNT = 200;
  private static final int REFUSED = 20;

  @TempDir static Path directory;
  private static TestCluster cluster;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.install("webhook.url=https://localhost:" + WEBHOOK);
    cluster.operator("only", WEBHOOK, TestCluster.freePort(), Map.of());
    cluster.kubectl("create", "namespace", "random");
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void areRenderedIntoWhatTheParserTakes() throws Exception {
    List<JsonObject> bonds = new RandomBonds(SEED).valid(COUNT, "random");
    long attachments =
        bonds.stream().mapToLong(bond -> BondNetwork.of(bond).attachments().size()).sum();
    cluster.apply(bonds.stream().map(JsonObject::toString).collect(Collectors.joining("\n---\n")));

    String all =
        cluster.await(
            "network-attachment-definitions -n random",
            "{range .items[*]}{.metadata.name} {.spec.config}{\"\\n\"}{end}",
            text -> text.lines().count() == attachments);
    Map<String, String> configs =
        all.lines()
            .collect(
                Collectors.toMap(
                    line -> line.substring(0, line.indexOf(' ')),
                    line -> line.substring(line.indexOf(' ') + 1)));
    for (JsonObject manifest : bonds) {
      BondNetwork asked = BondNetwork.of(manifest);
      String config = configs.get(asked.name());
      assertThat(config).as("seed %d, no attachment for %s", SEED, manifest).isNotNull();
      JsonObject parsed = ofThePlugin(Json.parseObject(config));
      assertThat(LenientObject.text(parsed, "type")).hasValue("podbond");
      assertThat(BondConfig.parse(parsed, Optional.empty()))
          .as("seed %d, %s", SEED, manifest)
          .isEqualTo(asked.bond());
      for (BondVlan vlan : asked.vlans()) {
        JsonObject rendered = ofThePlugin(Json.parseObject(configs.get(vlan.network())));
        assertThat(VlanConfig.parse(rendered, Optional.empty()))
            .as("seed %d, %s", SEED, manifest)
            .isEqualTo(VlanConfig.parse(vlan.config(), Optional.empty()));
      }
    }
  }

  /// The first plugin of a list, with what the runtime gives it.
  private static JsonObject ofThePlugin(JsonObject config) {
    return LenientObject.objects(config, "plugins").stream()
        .findFirst()
        .map(plugin -> plugin.with("name", config.get("name").orElseThrow()))
        .orElse(config);
  }

  @Test
  void areRefusedInTheParsersWords() {
    for (JsonObject manifest : new RandomBonds(SEED).invalid(REFUSED, "random")) {
      String words =
          BondAdmission.refusal(BondNetwork.of(manifest), BondRules.DEFAULT).orElseThrow();

      TestCluster.Output output = cluster.tryApply(manifest.toString());

      assertThat(output.status()).as("seed %d, %s", SEED, manifest).isNotZero();
      assertThat(output.text()).as("seed %d, %s", SEED, manifest).contains(words);
    }
  }
}
