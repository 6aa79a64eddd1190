package dev.podbond.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.assess.ClusterNames;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.Serialization;
import dev.podbond.operator.view.ClusterView;
import dev.podbond.operator.view.FreshObjects;
import dev.podbond.operator.view.Questions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What authors of pods can do to the webhooks, with an API server that counts.
final class AdmissionTest {
  private static final String BONDS = "/apis/podbond.dev/v1alpha1/";
  private static final String POLICIES =
      "/apis/sriovnetwork.openshift.io/v1/sriovnetworknodepolicies";
  private static final String BOND =
      """
      {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNetwork",
       "metadata": {"name": "%s", "namespace": "%s", "uid": "u"},
       "spec": {"mode": "active-backup", "members": [%s]}}
      """;
  private static final String TWO = "{\"sriovNetwork\": \"a\"}, {\"sriovNetwork\": \"b\"}";

  private FakeApiServer server;
  private KubernetesClient client;
  private ClusterView view;
  private Admission admission;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApiServer();
    client =
        new KubernetesClientBuilder()
            .withConfig(server.config())
            .withKubernetesSerialization(Serialization.create())
            .build();
    view =
        new ClusterView(
            client,
            new ClusterNames("openshift.io", "podbond"),
            BondRules.DEFAULT,
            Optional.empty());
    admission = new Admission(view, new FreshObjects(client), Set.of("shared"), false);
  }

  private void watch() {
    view.start();
    server.forget();
  }

  @AfterEach
  void end() {
    view.close();
    client.close();
    server.close();
  }

  @Test
  void twentyThousandNamesAreNoQuestion() {
    watch();

    Verdict verdict = admission.mutatePod(review("demo", names(20_000)), patient());

    assertThat(verdict).isInstanceOf(Verdict.Allowed.class);
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aReviewAsksAtMostTwentyTimesAndSaysSo() {
    watch();

    Verdict verdict = admission.mutatePod(review("demo", names(100)), patient());

    assertThat(server.asked()).hasSize(Questions.MOST);
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Allowed.class,
            allowed -> {
              assertThat(allowed.patch().elements()).isEmpty();
              assertThat(allowed.warnings())
                  .singleElement()
                  .asString()
                  .contains("could not look up");
            });
  }

  @Test
  void aBrokenBondOfManyMembersAsksNoMore() {
    String members =
        IntStream.range(0, 16)
            .mapToObj(i -> "{\"sriovNetwork\": \"net" + i + "\"}")
            .collect(Collectors.joining(","));
    server.list(
        BONDS + "bondnetworks",
        BOND.formatted("one", "demo", members) + "," + BOND.formatted("two", "demo", members));
    watch();

    Verdict verdict = admission.validatePod(review("demo", names(10) + ",one,two"), patient());

    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(server.asked()).hasSizeLessThanOrEqualTo(Questions.MOST);
  }

  @Test
  void whatSeveralAskAtATimeIsAskedOnce() {
    watch();

    for (int i = 0; i < 5; i++) {
      var _ = admission.mutatePod(review("demo", "one, two"), patient());
    }

    // A margin for two moments in which the machine stands still.
    assertThat(server.asked()).hasSizeLessThan(10);
  }

  @Test
  void nothingIsAskedWhenTheCallerHasGivenUp() {
    watch();

    var _ = admission.mutatePod(review("demo", names(100)), Questions.until(System.nanoTime() - 1));

    assertThat(server.asked()).isEmpty();
  }

  @Test
  void aBondMadeAMomentAgoIsFound() {
    watch();
    server.put(BONDS + "namespaces/demo/bondnetworks/new", BOND.formatted("new", "demo", TWO));

    assertThat(admission.validatePod(review("demo", "new"), patient()))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.message()).contains("BondNetwork demo/new"));
  }

  @Test
  void anotherNamespacesBondsAreNeitherLookedAtNorToldOf() {
    server.list(
        BONDS + "bondnetworks",
        BOND.formatted("storage", "secretteam", TWO) + "," + BOND.formatted("all", "shared", TWO));
    watch();

    for (String asked : new String[] {"secretteam/storage", "secretteam/none"}) {
      assertThat(admission.validatePod(review("attacker", asked), patient()))
          .isEqualTo(admission.validatePod(review("attacker", "secretteam/other"), patient()));
      assertThat(admission.mutatePod(review("attacker", asked), patient()))
          .isEqualTo(admission.mutatePod(review("attacker", "secretteam/other"), patient()));
    }
    assertThat(server.asked()).isEmpty();
    assertThat(admission.validatePod(review("attacker", "shared/all"), patient()))
        .isInstanceOf(Verdict.Refused.class);
  }

  /// Otherwise its pods would wait for ever for a condition that nobody writes.
  @Test
  void aReadinessGateThatNobodyOpensIsNotAddedAndTheOwnerIsTold() {
    String object =
        "{\"metadata\": {\"name\": \"gated\", \"namespace\": \"demo\"}, \"spec\": {\"mode\":"
            + " \"active-backup\", \"readinessGate\": true, \"members\": ["
            + TWO
            + "]}}";

    assertThat(admission.validateBond(bondReview("CREATE", object, "null")))
        .isInstanceOfSatisfying(
            Verdict.Allowed.class,
            allowed ->
                assertThat(allowed.warnings())
                    .singleElement()
                    .asString()
                    .contains("readinessGate", "agent.nodeState.enabled"));
    assertThat(
            new Admission(view, new FreshObjects(client), Set.of(), true)
                .validateBond(bondReview("CREATE", object, "null")))
        .isInstanceOfSatisfying(
            Verdict.Allowed.class, allowed -> assertThat(allowed.warnings()).isEmpty());
  }

  @Test
  void aStoredBondIsJudgedWhenItsSpecChangesAndNotWhenItsLabelsDo() {
    String forbidden =
        "{\"mode\": \"active-backup\", \"members\": [" + TWO + "], \"ipam\": {\"type\": \"dhcp\"}}";
    String object = "{\"metadata\": {\"name\": \"old\"}, \"spec\": " + forbidden + "}";

    assertThat(admission.validateBond(bondReview("CREATE", object, "null")))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.message()).contains("ipam.type is \"dhcp\""));
    assertThat(admission.validateBond(bondReview("UPDATE", object, object)))
        .isInstanceOf(Verdict.Allowed.class);
    assertThat(admission.validateBond(bondReview("UPDATE", object, "{\"spec\": {}}")))
        .isInstanceOf(Verdict.Refused.class);
  }

  /// Objects of others come a page at a time, and each page counts as a question.
  @Test
  void allThatIsStoredIsNeverReadAtOnce() {
    server.list(
        POLICIES,
        IntStream.range(0, 1000).<Supplier<String>>mapToObj(i -> () -> policy(i)).toList());
    watch();
    server.put(BONDS + "namespaces/demo/bondnetworks/new", BOND.formatted("new", "demo", TWO));

    Verdict verdict = admission.validatePod(review("demo", "new"), patient());

    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(server.asked()).hasSizeLessThanOrEqualTo(Questions.MOST);
    assertThat(server.asked()).filteredOn(("GET " + POLICIES)::equals).hasSizeGreaterThan(3);
  }

  @Test
  void aFewPoliciesAreReadToTheirEnd() {
    server.list(
        POLICIES, IntStream.range(0, 15).<Supplier<String>>mapToObj(i -> () -> policy(i)).toList());
    watch();
    server.put(BONDS + "namespaces/demo/bondnetworks/new", BOND.formatted("new", "demo", TWO));

    var _ = admission.validatePod(review("demo", "new"), patient());

    assertThat(server.asked()).filteredOn(("GET " + POLICIES)::equals).hasSize(3);
  }

  /// There is no room for it among the others.
  @Test
  void aBondThatIsTooLargeIsRefusedWithItsSize() {
    for (String large : new String[] {"[],".repeat(2000) + "0", "\"" + "x".repeat(70_000) + "\""}) {
      String object =
          "{\"metadata\": {\"name\": \"a\"}, \"spec\": {\"mode\": \"active-backup\", \"members\": ["
              + TWO
              + "], \"ipam\": {\"type\": \"static\", \"a\": ["
              + large
              + "]}}}";

      assertThat(admission.validateBond(bondReview("CREATE", object, "null")))
          .isInstanceOfSatisfying(
              Verdict.Refused.class,
              refused ->
                  assertThat(refused.message())
                      .contains("spec is too large for a BondNetwork")
                      .containsAnyOf("at most 2000 are allowed", "at most 65536 are allowed"));
    }
  }

  private static String policy(int number) {
    return """
    {"apiVersion": "sriovnetwork.openshift.io/v1", "kind": "SriovNetworkNodePolicy",
     "metadata": {"name": "p%d", "namespace": "operators", "resourceVersion": "1", "uid": "p%1$d"},
     "spec": {"resourceName": "pool"}}
    """
        .formatted(number);
  }

  private static Questions patient() {
    return Questions.until(System.nanoTime() + Duration.ofMinutes(1).toNanos());
  }

  private static String names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "n" + i).collect(Collectors.joining(","));
  }

  private static AdmissionReview review(String namespace, String networks) {
    return AdmissionReviewTexts.pod(namespace, networks);
  }

  private static AdmissionReview bondReview(String operation, String object, String oldObject) {
    try {
      return AdmissionReview.of(
          Json.parseObject(
              "{\"request\": {\"uid\": \"1\", \"operation\": \""
                  + operation
                  + "\", \"object\": "
                  + object
                  + ", \"oldObject\": "
                  + oldObject
                  + "}}"));
    } catch (JsonException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
