package dev.podbond.cluster.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.assess.Assessment;
import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pods with bonds whose VFs they claim: `demo/storage` and `demo/backup` from the resource x/a,
/// `demo/other` from x/b, and beside them `demo/plain`, whose VFs containers request.
final class PodClaimsTest {
  private static final String TEMPLATE = claim("storage").name();
  private static final String EXPANDED = "demo/a@storage-1, demo/a@storage-2, demo/storage@storage";
  private static final String ENTRY =
      "{'name':'podbond-storage','resourceClaimTemplateName':'" + TEMPLATE + "'}";
  private static final String RESOURCES = "{'claims':[{'name':'podbond-storage'}]}";

  @Test
  void thePodClaimsAndItsFirstContainerUsesIt() {
    assertThat(patch(pod("storage", "'containers':[{'name':'c'},{'name':'d'}]")))
        .containsExactly(
            operation(
                "replace", "/metadata/annotations/k8s.v1.cni.cncf.io~1networks", quoted(EXPANDED)),
            operation("add", "/spec/resourceClaims", "[" + ENTRY + "]"),
            operation("add", "/spec/containers/0/resources", RESOURCES));
  }

  @Test
  void itsOtherClaimsAndResourcesStay() {
    assertThat(
            patch(
                pod(
                    EXPANDED,
                    "'resourceClaims':[{'name':'gpu','resourceClaimName':'g'}],"
                        + "'containers':[{'resources':{'limits':{'cpu':'1'},'claims':[{'name':'gpu'}]}}]")))
        .containsExactly(
            operation("add", "/spec/resourceClaims/-", ENTRY),
            operation(
                "add",
                "/spec/containers/0/resources",
                "{'limits':{'cpu':'1'},'claims':[{'name':'gpu'},{'name':'podbond-storage'}]}"));
  }

  @Test
  void aPodThatHasItAllIsLeftAlone() {
    String spec =
        "'resourceClaims':[" + ENTRY + "],'containers':[{},{'resources':" + RESOURCES + "}]";

    assertThat(patch(pod(EXPANDED, spec))).isEmpty();
    assertThat(refusal(pod(EXPANDED, spec))).isEmpty();
  }

  /// The template of a pod that was may be gone.
  @Test
  void aClaimFromAnEarlierTemplateIsMadeFromThePresentOne() {
    String old = "{'name':'podbond-storage','resourceClaimTemplateName':'storage-00000000'}";
    JsonObject pod =
        pod(
            EXPANDED,
            "'resourceClaims':[{'name':'gpu'},"
                + old
                + "],'containers':[{'resources':"
                + RESOURCES
                + "}]");

    assertThat(patch(pod)).containsExactly(operation("replace", "/spec/resourceClaims/1", ENTRY));
    assertThat(refusal(pod)).isEmpty();
  }

  /// What a pod claims never changes, and neither does whether it is renewed.
  @Test
  void aPodThatExistsGetsItsNetworksAgainAndNoOtherClaim() {
    String old = "{'name':'podbond-storage','resourceClaimTemplateName':'storage-00000000'}";
    String containers = "'containers':[{'resources':" + RESOURCES + "}]";

    assertThat(renewal(pod("storage", "'resourceClaims':[" + old + "]," + containers)))
        .containsExactly(
            operation(
                "replace", "/metadata/annotations/k8s.v1.cni.cncf.io~1networks", quoted(EXPANDED)));
    assertThat(renewal(pod("storage", containers))).isEmpty();
    assertThat(renewal(pod("storage", "'containers':[{}]"))).isEmpty();
  }

  @Test
  void eachBondOfAPodHasItsClaim() {
    List<String> patch = patch(pod("storage, other, plain", "'containers':[{}]"));

    assertThat(patch.get(1))
        .contains("podbond-storage", claim("other").name(), "podbond-other")
        .doesNotContain("plain");
    assertThat(patch.get(2))
        .contains(
            "\"claims\":[{\"name\":\"podbond-other\"},{\"name\":\"podbond-storage\"}]",
            "\"x/p\":\"1\"",
            "\"x/q\":\"1\"")
        .doesNotContain("x/a", "x/b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          storage, backup | the bond demo/storage and the network demo/backup both take VFs of the resource x/a
          storage, a@net5 | the bond demo/storage and the network demo/a both take VFs of the resource x/a
          storage, mixed  | the bond demo/storage and the network demo/a both take VFs of the resource x/a
          infra/shared    | make a BondNetwork in namespace demo
          """)
  void refusesWhatWouldPutBothMembersOnOnePfOrCannotBeClaimed(String asked, String reason) {
    JsonObject pod = pod(asked, "'containers':[{}]");

    assertThat(refusal(pod)).hasValueSatisfying(text -> assertThat(text).contains(reason));
    assertThat(patch(pod)).isEmpty();
  }

  @Test
  void refusesARequestForWhatIsClaimed() {
    JsonObject pod = pod("storage", "'containers':[{},{'resources':{'requests':{'x/a':'2'}}}]");

    assertThat(refusal(pod))
        .hasValueSatisfying(
            text -> assertThat(text).contains("request x/a", "network resources injector"));
  }

  @Test
  void refusesAPodThatWasNotGivenItsClaim() {
    assertThat(refusal(pod(EXPANDED, "'containers':[{}]")))
        .hasValueSatisfying(text -> assertThat(text).contains("lacks the claim podbond-storage"));
    assertThat(refusal(pod(EXPANDED, "'resourceClaims':[" + ENTRY + "],'containers':[{}]")))
        .hasValueSatisfying(text -> assertThat(text).contains("no container uses it"));
  }

  @Test
  void anInitContainerMayUseIt() {
    assertThat(
            refusal(
                pod(
                    EXPANDED,
                    "'resourceClaims':["
                        + ENTRY
                        + "],'containers':[{}],'initContainers':[{'resources':"
                        + RESOURCES
                        + "}]")))
        .isEmpty();
  }

  private static List<String> patch(JsonObject pod) {
    return PodExpansion.patch(pod, "demo", NETWORKS).stream().map(JsonValue::toString).toList();
  }

  private static List<String> renewal(JsonObject pod) {
    return PodExpansion.renewal(pod, "demo", NETWORKS).stream().map(JsonValue::toString).toList();
  }

  private static Optional<String> refusal(JsonObject pod) {
    return PodExpansion.refusal(pod, "demo", NETWORKS);
  }

  private static String operation(String op, String path, String value) {
    return "{'op':'%s','path':'%s','value':%s}".formatted(op, path, value).replace('\'', '"');
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }

  private static JsonObject pod(String networks, String spec) {
    return json(
        "{'metadata':{'annotations':{'k8s.v1.cni.cncf.io/networks':'%s'}},'spec':{%s}}"
            .formatted(networks, spec));
  }

  private static final ClusterNetworks NETWORKS =
      new ClusterNetworks() {
        @Override
        public boolean isKnownBond(String namespace, String name) {
          return bond(namespace, name).isPresent();
        }

        @Override
        public Optional<Assessment> bond(String namespace, String name) {
          return switch (namespace + "/" + name) {
            case "demo/storage", "demo/backup", "demo/other", "infra/shared" ->
                Optional.of(assessed(bondOf(namespace, name), Optional.of(claim(name))));
            case "demo/plain", "demo/mixed" ->
                Optional.of(assessed(bondOf(namespace, name), Optional.empty()));
            default -> Optional.empty();
          };
        }

        @Override
        public Optional<String> resource(String namespace, String name) {
          return name.length() == 1 ? Optional.of("x/" + name) : Optional.empty();
        }

        @Override
        public boolean hasConditions() {
          return false;
        }
      };

  private static Assessment assessed(BondNetwork bond, Optional<ClaimTemplate> claim) {
    return new Assessment(bond, List.of(), List.of(), List.of(), List.of(), claim);
  }

  private static ClaimTemplate claim(String name) {
    return ClaimTemplate.of(
        bondOf("demo", name),
        new Allocation.Dra(Allocation.Distinct.PF, false),
        List.of("x/a", "x/a"),
        new ClaimRules("class", true));
  }

  private static BondNetwork bondOf(String namespace, String name) {
    String members =
        switch (name) {
          case "other" -> "b b";
          case "plain" -> "p q";
          case "mixed" -> "a q";
          default -> "a a";
        };
    return BondNetwork.of(
        json(
            "{'metadata':{'name':'%s','namespace':'%s'},'spec':{'mode':'active-backup',%s'members':[{'sriovNetwork':'%s'},{'sriovNetwork':'%s'}]}}"
                .formatted(
                    name,
                    namespace,
                    name.equals("plain") || name.equals("mixed") ? "" : "'allocation':'dra',",
                    members.substring(0, 1),
                    members.substring(2))));
  }

  private static JsonObject json(String text) {
    try {
      return Json.parseObject(text.replace('\'', '"'));
    } catch (JsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
