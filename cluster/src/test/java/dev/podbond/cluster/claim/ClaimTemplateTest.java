package dev.podbond.cluster.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.Allocation.Distinct;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClaimTemplateTest {
  private static final ClaimRules RULES = new ClaimRules(SriovDriver.NAME, true);
  private static final Allocation.Dra PF = new Allocation.Dra(Distinct.PF, false);

  @Test
  void asksForAVfOfAnotherPfForEachMember() {
    ClaimTemplate template =
        ClaimTemplate.of(bond("storage"), PF, List.of("x.io/r", "x.io/r"), RULES);

    assertThat(template.name()).matches("storage-[0-9a-f]{8}");
    assertThat(template.manifest())
        .isEqualTo(
            Slices.yaml(
                """
                apiVersion: resource.k8s.io/v1
                kind: ResourceClaimTemplate
                metadata:
                  name: %s
                  namespace: demo
                  labels: {app.kubernetes.io/managed-by: podbond}
                  ownerReferences:
                  - {apiVersion: podbond.dev/v1alpha1, kind: BondNetwork, name: storage, uid: u, controller: true, blockOwnerDeletion: true}
                spec:
                  spec:
                    devices:
                      requests:
                      - name: member-1
                        exactly: &vf
                          deviceClassName: sriovnetwork.k8snetworkplumbingwg.io
                          selectors:
                          - cel: {expression: '"resourceName" in device.attributes["k8s.cni.cncf.io"] && device.attributes["k8s.cni.cncf.io"].resourceName == "x.io/r"'}
                          allocationMode: ExactCount
                          count: 1
                      - name: member-2
                        exactly: *vf
                      constraints:
                      - distinctAttribute: sriovnetwork.k8snetworkplumbingwg.io/pfPciAddress
                """
                    .formatted(template.name())));
  }

  @Test
  void asksForCardsAndForOneNumaNodeWithoutTakingUnknownForAPlace() {
    String manifest =
        ClaimTemplate.of(
                bond("storage"), new Allocation.Dra(Distinct.CARD, true), List.of("a", "b"), RULES)
            .manifest()
            .toString();

    assertThat(manifest)
        .contains(
            "\"constraints\":[{\"distinctAttribute\":\"resource.kubernetes.io/pcieRoot\"},"
                + "{\"matchAttribute\":\"dra.net/numaNode\"}]",
            "device.attributes[\\\"resource.kubernetes.io\\\"].pcieRoot != \\\"\\\"",
            "device.attributes[\\\"dra.net\\\"].numaNode >= 0");
  }

  @Test
  void comparesNothingWhereTheSchedulerCannot() {
    ClaimTemplate template =
        ClaimTemplate.of(
            bond("storage"), PF, List.of("a", "b"), new ClaimRules("vfs.example.com", false));

    assertThat(template.distinct()).isEmpty();
    assertThat(template.manifest().toString())
        .contains("\"deviceClassName\":\"vfs.example.com\"")
        .doesNotContain("constraints");
  }

  /// The name of a resource may come from whoever may write network attachments.
  @ParameterizedTest
  @ValueSource(strings = {"a\" || true || \"", "\\", "\n", "\u0000", "\\\" || true"})
  void aResourcesNameIsATextWhateverIsInIt(String resource) {
    JsonObject manifest =
        ClaimTemplate.of(bond("storage"), PF, List.of(resource, "b"), RULES).manifest();
    String expression = expression(manifest);
    String text = expression.substring(expression.indexOf("== ") + 3);

    assertThat(text).startsWith("\"").endsWith("\"").doesNotContain("\n", "\u0000");
    assertThat(text.substring(1, text.length() - 1).replaceAll("\\\\.", "")).doesNotContain("\"");
  }

  @Test
  void theSameContentHasTheSameNameAndAnyOtherAnother() {
    ClaimTemplate first = ClaimTemplate.of(bond("a"), PF, List.of("x", "y"), RULES);

    assertThat(ClaimTemplate.of(bond("a"), PF, List.of("x", "y"), RULES)).isEqualTo(first);
    assertThat(ClaimTemplate.of(bond("a"), PF, List.of("x", "z"), RULES).name())
        .isNotEqualTo(first.name());
    assertThat(ClaimTemplate.of(bond("a.b"), PF, List.of("x", "y"), RULES).name().substring(4))
        .isNotEqualTo(
            ClaimTemplate.of(bond("a-b"), PF, List.of("x", "y"), RULES).name().substring(4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"storage", "a.b.c", "0", "X"})
  void namesAreDnsLabels(String start) {
    for (int length : new int[] {1, 54, 55, 63, 253}) {
      String name = (start.toLowerCase(Locale.ROOT) + "x".repeat(253)).substring(0, length);
      assertThat(ClaimTemplate.of(bond(name), PF, List.of("x", "y"), RULES).name())
          .matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
      assertThat(ClaimTemplate.claimName(bond(name)))
          .startsWith("podbond-")
          .matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    }
  }

  @Test
  void aPodsClaimHasTheBondsNameWhateverTheTemplate() {
    assertThat(ClaimTemplate.claimName(bond("storage"))).isEqualTo("podbond-storage");
    assertThat(ClaimTemplate.claimName(bond("a.b")))
        .isNotEqualTo(ClaimTemplate.claimName(bond("a-b")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "storage",
        "a.b",
        "n",
        "a-name-that-is-longer-than-a-label-may-be-and-so-is-cut-before-its-end"
      })
  void thePathsOfABondsTemplatesBeginAsItSays(String name) {
    BondNetwork bond = bond(name);

    assertThat(ClaimTemplate.of(bond, PF, List.of("a", "b"), RULES).path())
        .matches("\\Q" + ClaimTemplate.pathStart(bond) + "\\E[0-9a-f]{8}");
  }

  /// Releases as `kubectl version` shows them of several clouds.
  @ParameterizedTest
  @CsvSource({
    "AUTO, 1, 36, true",
    "AUTO, 1, 37+, true",
    "AUTO, 1, 35, false",
    "TRUE, 1, 35, true",
    "TRUE, 1, 34+, false",
    "FALSE, 1, 37, false",
    "AUTO, '', '', false",
    "AUTO, 1, 99999999999, false"
  })
  void aReleaseComparesDevicesByDefaultOrWithTheGate(
      ClaimRules.Comparison comparison, String major, String minor, boolean compares) {
    assertThat(ClaimRules.of("class", comparison, major, minor))
        .isEqualTo(new ClaimRules("class", compares));
  }

  private static String expression(JsonObject manifest) {
    JsonObject spec = LenientObject.object(LenientObject.object(manifest, "spec"), "spec");
    JsonObject request =
        LenientObject.objects(LenientObject.object(spec, "devices"), "requests").getFirst();
    JsonObject selector =
        LenientObject.objects(LenientObject.object(request, "exactly"), "selectors").getFirst();
    Optional<String> text = LenientObject.text(LenientObject.object(selector, "cel"), "expression");
    return text.orElseThrow();
  }

  private static BondNetwork bond(String name) {
    return BondNetwork.of(
        Slices.yaml(
            "metadata: {namespace: demo, name: \"%s\", uid: u}\nspec: {mode: active-backup}"
                .formatted(name)));
  }
}
