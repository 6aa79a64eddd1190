package dev.podbond.cluster.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.assess.Assessment;
import dev.podbond.cluster.assess.Finding;
import dev.podbond.cluster.assess.Reason;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.object.PodObject;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodExpansionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          storage                 | demo/a@storage-1, demo/b@storage-2, demo/storage@storage
          demo/storage@data       | demo/a@storage-1, demo/b@storage-2, demo/storage@data
          first, storage, last    | demo/first, demo/a@storage-1, demo/b@storage-2, demo/storage@storage, demo/last@net3
          tagged                  | demo/a@tagged-1, demo/b@tagged-2, demo/tagged@tagged, demo/tagged-v5@tagged-v5, demo/tagged-v6@backup
          tagged, last            | demo/a@tagged-1, demo/b@tagged-2, demo/tagged@tagged, demo/tagged-v5@tagged-v5, demo/tagged-v6@backup, demo/last@net2
          tagged, first, tagged-v6 | demo/a@tagged-1, demo/b@tagged-2, demo/tagged@tagged, demo/tagged-v5@tagged-v5, demo/first@net2, demo/tagged-v6@backup
          tagged-v6, last         | tagged-v6, last
          [{"name":"tagged"},{"name":"tagged-v6","ips":["10.0.0.9/24"]}] | [{"name":"a","namespace":"demo","interface":"tagged-1"},{"name":"b","namespace":"demo","interface":"tagged-2"},{"name":"tagged","interface":"tagged"},{"name":"tagged-v5","namespace":"demo","interface":"tagged-v5"},{"name":"tagged-v6","ips":["10.0.0.9/24"],"interface":"backup"}]
          a@storage-1, storage    | demo/a@storage-1, demo/b@storage-2, demo/storage@storage
          [{"name":"storage","mac":"02:00:00:00:00:01"}] | [{"name":"a","namespace":"demo","interface":"storage-1"},{"name":"b","namespace":"demo","interface":"storage-2"},{"name":"storage","mac":"02:00:00:00:00:01","interface":"storage"}]
          """)
  void putsTheMembersBeforeTheBondAndItsVlansBehindIt(String asked, String expected) {
    assertThat(annotation(expand(pod(asked)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"first, last", "[{\"name\":\"first\"}]", "Not A Network", "{"})
  void leavesPodsWithoutABondAlone(String asked) {
    assertThat(PodExpansion.patch(pod(asked), "demo", networks()).elements()).isEmpty();
    assertThat(PodExpansion.refusal(pod(asked), "demo", networks())).isEmpty();
  }

  @Test
  void requestsOneDeviceForEachNetworkOfAMembersResource() {
    JsonObject expanded = expand(pod("a, storage"));

    assertThat(ContainerDevices.requested(containers(expanded), "x/a")).isEqualTo(2);
    assertThat(ContainerDevices.requested(containers(expanded), "x/b")).isEqualTo(1);
  }

  /// Seeded; the assertion's description has the seed.
  @Test
  void expandingAgainChangesNothing() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    List<String> words =
        List.of(
            "storage",
            "first",
            "last@eth9",
            "other/thing",
            "a",
            "b@x",
            "tagged",
            "tagged-v5",
            "tagged-v6@x");
    for (int i = 0; i < 300; i++) {
      List<String> chosen = new ArrayList<>();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        chosen.add(words.get(random.nextInt(words.size())));
      }
      JsonObject asked = pod(String.join(",", chosen));
      JsonObject once = expand(asked);
      assertThat(PodExpansion.patch(once, "demo", networks()).elements())
          .as("seed %d, %s", seed, chosen)
          .isEmpty();
      if (!once.equals(asked)) {
        assertThat(PodExpansion.refusal(once, "demo", networks()))
            .as("seed %d, %s", seed, chosen)
            .isEmpty();
      }
    }
  }

  @Test
  void namesTheMembersAgainWhenAManifestIsAppliedAgain() {
    JsonObject expanded = expand(pod("storage"));
    JsonObject applied =
        expanded.with("metadata", LenientObject.object(pod("storage"), "metadata"));

    JsonObject renewed = patched(applied, PodExpansion.renewal(applied, "demo", networks()));

    assertThat(renewed).isEqualTo(expanded);
    assertThat(PodExpansion.renewal(renewed, "demo", networks()).elements()).isEmpty();
  }

  @Test
  void doesNotRenewAPodWhoseContainersLackTheDevices() {
    assertThat(PodExpansion.renewal(pod("storage"), "demo", networks()).elements()).isEmpty();
  }

  @Test
  void refusesWhatCannotWork() {
    assertThat(PodExpansion.refusal(pod("broken"), "demo", networks()))
        .hasValueSatisfying(
            text -> assertThat(text).contains("BondNetwork demo/broken", "no trust"));
    assertThat(PodExpansion.refusal(pod("storage"), "demo", networks()))
        .hasValueSatisfying(text -> assertThat(text).contains("mutating webhook"));
    assertThat(PodExpansion.refusal(pod("storage, a@storage-1"), "demo", networks()))
        .hasValueSatisfying(text -> assertThat(text).contains("behind the bond"));
    assertThat(PodExpansion.refusal(pod("storage, first@storage"), "demo", networks()))
        .hasValueSatisfying(text -> assertThat(text).contains("second one to want"));
    assertThat(PodExpansion.refusal(pod("tagged-v5, tagged"), "demo", networks()))
        .hasValueSatisfying(text -> assertThat(text).contains("before the bond demo/tagged"));
    assertThat(PodExpansion.refusal(pod("tagged@other"), "demo", networks()))
        .hasValueSatisfying(
            text -> assertThat(text).contains("demo/tagged@other", "its VLANs are made on tagged"));
  }

  @Test
  void aListThatIsTooLongIsNotLookedUp() {
    String many = "x,".repeat(20_000) + "storage";
    ClusterNetworks unasked = new OnlyKnown();

    assertThat(PodExpansion.patch(pod(many), "demo", unasked).elements()).isEmpty();
    assertThat(PodExpansion.renewal(pod(many), "demo", unasked).elements()).isEmpty();
    assertThat(PodExpansion.refusal(pod(many), "demo", unasked).orElseThrow())
        .contains("lists 20001 networks", "demo/storage is a BondNetwork", "at most 128");
    assertThat(PodExpansion.refusal(pod("x,".repeat(20_000) + "x"), "demo", unasked)).isEmpty();
  }

  @Test
  void anAnnotationThatNoObjectCanHaveIsNotRead() {
    assertThat(PodExpansion.refusal(pod("storage," + " ".repeat(300_000)), "demo", networks()))
        .isEmpty();
  }

  @Test
  void aPodOfABondThatGatesItGetsTheGateOnceBesideItsOwn() {
    assertThat(gates(pod("gated"), true))
        .containsExactly(
            "{\"op\":\"add\",\"path\":\"/spec/readinessGates\",\"value\":"
                + "[{\"conditionType\":\"podbond.dev/BondUp\"}]}");
    assertThat(gates(withGate(pod("storage, gated"), "x.example/own"), true))
        .containsExactly(
            "{\"op\":\"add\",\"path\":\"/spec/readinessGates/-\",\"value\":"
                + "{\"conditionType\":\"podbond.dev/BondUp\"}}");
    assertThat(gates(withGate(pod("gated"), "podbond.dev/BondUp"), true)).isEmpty();
    assertThat(gates(pod("storage"), true)).isEmpty();
    assertThat(gates(pod("gated"), false)).isEmpty();
    assertThat(PodExpansion.renewal(expand(pod("gated")), "demo", networks()).elements()).isEmpty();
  }

  @Test
  void redundancyIsNoGateWhateverThePodAsksFor() {
    for (String asked : List.of("storage", "first")) {
      assertThat(
              PodExpansion.refusal(
                  withGate(expand(pod(asked)), "podbond.dev/BondRedundant"), "demo", networks()))
          .hasValueSatisfying(reason ->
              assertThat(reason)
                  .contains(
                      "podbond.dev/BondRedundant",
                      "a switch that restarts",
                      "use podbond.dev/BondUp"));
      assertThat(
              PodExpansion.refusal(
                  withGate(expand(pod(asked)), "podbond.dev/BondUp"), "demo", networks()))
          .isEmpty();
    }
  }

  private static List<String> gates(JsonObject pod, boolean conditions) {
    return PodExpansion.patch(pod, "demo", networks(conditions)).stream()
        .map(JsonValue::toString)
        .filter(operation -> operation.contains("readinessGates"))
        .toList();
  }

  private static JsonObject withGate(JsonObject pod, String type) {
    return pod.with(
        "spec",
        LenientObject.object(pod, "spec")
            .with("readinessGates", JsonArray.of(json("{'conditionType':'" + type + "'}"))));
  }

  /// Networks that must not be looked up.
  private record OnlyKnown() implements ClusterNetworks {
    @Override
    public boolean isKnownBond(String namespace, String name) {
      return name.equals("storage");
    }

    @Override
    public Optional<Assessment> bond(String namespace, String name) {
      throw new AssertionError(name);
    }

    @Override
    public Optional<String> resource(String namespace, String name) {
      throw new AssertionError(name);
    }

    @Override
    public boolean hasConditions() {
      return true;
    }
  }

  private static ClusterNetworks networks() {
    return networks(true);
  }

  private static ClusterNetworks networks(boolean conditions) {
    return new ClusterNetworks() {
      @Override
      public boolean hasConditions() {
        return conditions;
      }

      @Override
      public boolean isKnownBond(String namespace, String name) {
        return bond(namespace, name).isPresent();
      }

      @Override
      public Optional<Assessment> bond(String namespace, String name) {
        return switch (namespace + "/" + name) {
          case "demo/storage", "demo/tagged", "demo/gated" -> Optional.of(bondOf(name, List.of()));
          case "demo/broken" ->
              Optional.of(bondOf(name, List.of(new Finding(Reason.TRUST_MISSING, "no trust"))));
          default -> Optional.empty();
        };
      }

      @Override
      public Optional<String> resource(String namespace, String name) {
        return name.equals("a") || name.equals("b") ? Optional.of("x/" + name) : Optional.empty();
      }
    };
  }

  private static Assessment bondOf(String name, List<Finding> findings) {
    return new Assessment(
        BondNetwork.of(
            json(
                "{'metadata':{'name':'"
                    + name
                    + "','namespace':'demo'},'spec':{'mode':'active-backup','members':"
                    + "[{'sriovNetwork':'a'},{'sriovNetwork':'b'}]"
                    + (name.equals("tagged") ? ",'vlans':[{'id':5},{'id':6,'name':'backup'}]" : "")
                    + (name.equals("gated") ? ",'readinessGate':true" : "")
                    + "}}")),
        List.of(),
        findings,
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static JsonObject expand(JsonObject pod) {
    return patched(pod, PodExpansion.patch(pod, "demo", networks()));
  }

  /// The pod after the patch; supports the two operations that occur.
  private static JsonObject patched(JsonObject pod, JsonArray patch) {
    JsonObject result = pod;
    for (JsonValue element : patch.elements()) {
      JsonObject operation = (JsonObject) element;
      JsonValue value = operation.get("value").orElseThrow();
      if (LenientObject.text(operation, "path").orElseThrow().startsWith("/metadata")) {
        JsonObject metadata = LenientObject.object(result, "metadata");
        result =
            result.with(
                "metadata", metadata.with("annotations", JsonObject.of(PodObject.NETWORKS, value)));
      } else if (LenientObject.text(operation, "path").orElseThrow().endsWith("readinessGates")) {
        result =
            result.with("spec", LenientObject.object(result, "spec").with("readinessGates", value));
      } else {
        JsonObject container = containers(result).getFirst().with("resources", value);
        result =
            result.with(
                "spec",
                LenientObject.object(result, "spec").with("containers", JsonArray.of(container)));
      }
    }
    return result;
  }

  private static List<JsonObject> containers(JsonObject pod) {
    return LenientObject.objects(LenientObject.object(pod, "spec"), "containers");
  }

  private static String annotation(JsonObject pod) {
    return LenientObject.text(
            LenientObject.object(LenientObject.object(pod, "metadata"), "annotations"),
            PodObject.NETWORKS)
        .orElseThrow();
  }

  private static JsonObject pod(String networks) {
    return json("{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c'}]}}")
        .with(
            "metadata",
            JsonObject.of(
                "annotations", JsonObject.of(PodObject.NETWORKS, new JsonString(networks))));
  }

  private static JsonObject json(String text) {
    try {
      return Json.parseObject(text.replace('\'', '"'));
    } catch (JsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
