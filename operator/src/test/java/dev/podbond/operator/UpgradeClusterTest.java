package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An upgrade from a release whose BondNetwork had less: without the newest options, status,
/// columns and rules.
@Tag("cluster")
final class UpgradeClusterTest {
  private static final int WEBHOOK = TestCluster.freePort();
  private static final int BONDS = 20;
  private static final Set<String> NEWER =
      Set.of(
          "strict", "vlan", "chain", "vlans", "coupledControl", "broadcastNeighbor", "lacpStrict");

  @TempDir static Path directory;
  private static TestCluster cluster;

  @BeforeAll
  static void installTheOlder() {
    cluster = new TestCluster(directory);
    cluster.installKinds();
    cluster.apply(older(crd()).toString());
    cluster.apply(
        IntStream.range(0, BONDS)
            .mapToObj(i -> scene(i).namespaceYaml() + "---\n" + scene(i).surroundingsYaml())
            .collect(Collectors.joining("---\n")));
    cluster.apply(
        IntStream.range(0, BONDS)
            .mapToObj(i -> scene(i).bondYaml())
            .collect(Collectors.joining("---\n")));
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static BondScene scene(int number) {
    return BondScene.of("u" + number).withBond("mode: active-backup\nmiimon: " + (50 + number));
  }

  @Test
  void keepsEveryBondAndAddsWhatIsNew() {
    String names = "{range .items[*]}{.metadata.uid}:{.spec.miimon} {end}";
    String before = cluster.await("bondnetworks -A", names, text -> !text.isEmpty());
    assertThat(before.split(" ")).hasSize(BONDS);
    assertThat(cluster.tryApply(withNewField().bondYaml()).text())
        .as("the older release knows no vlan")
        .contains("vlan");

    cluster.apply(cluster.chart("webhook.url=https://localhost:" + WEBHOOK));
    cluster.operator("newer", WEBHOOK, TestCluster.freePort(), Map.of());

    assertThat(cluster.await("bondnetworks -A", names, text -> !text.isEmpty())).isEqualTo(before);
    cluster.await(
        "bondnetworks -A",
        "{range .items[*]}{.status.conditions[?(@.type==\"Ready\")].reason} {end}",
        text -> text.equals("BondReady ".repeat(BONDS)));
    cluster.apply(withNewField().bondYaml());
    cluster.await(
        "network-attachment-definition bond -n ns-u0",
        "{.spec.config}",
        text -> text.contains("\"vlan\":7"));
  }

  private static BondScene withNewField() {
    return scene(0).withBond("mode: active-backup\nmiimon: 50\nvlan: 7");
  }

  /// The chart's own.
  private static JsonObject crd() {
    for (String document : cluster.chart().split("(?m)^---$")) {
      if (document.contains("kind: CustomResourceDefinition")) {
        return Resources.json(new KubernetesSerialization().unmarshal(document, Map.class));
      }
    }
    throw new AssertionError("no CustomResourceDefinition in the chart");
  }

  private static JsonObject older(JsonObject crd) {
    JsonObject spec = LenientObject.object(crd, "spec");
    JsonObject version = LenientObject.objects(spec, "versions").getFirst();
    JsonObject schema =
        LenientObject.object(LenientObject.object(version, "schema"), "openAPIV3Schema");
    JsonObject properties = LenientObject.object(schema, "properties").without("status");
    JsonObject bond = LenientObject.object(properties, "spec").without("x-kubernetes-validations");
    JsonObject fields = LenientObject.object(bond, "properties");
    for (String field : NEWER) {
      assertThat(fields.get(field)).as(field).isPresent();
      fields = fields.without(field);
    }
    JsonObject mode = LenientObject.object(fields, "mode").without("x-kubernetes-validations");
    JsonObject members =
        LenientObject.object(fields, "members").without("x-kubernetes-validations");
    fields = fields.with("mode", mode).with("members", members);
    properties = properties.with("spec", bond.with("properties", fields));
    version =
        version
            .without("subresources")
            .without("additionalPrinterColumns")
            .with(
                "schema", JsonObject.of("openAPIV3Schema", schema.with("properties", properties)));
    return crd.with("spec", spec.with("versions", new JsonArray(List.of(version))));
  }
}
