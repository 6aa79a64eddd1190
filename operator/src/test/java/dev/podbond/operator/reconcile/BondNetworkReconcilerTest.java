package dev.podbond.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.assess.ClusterNames;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.BondNetworkResource;
import dev.podbond.operator.kubernetes.Resources;
import dev.podbond.operator.kubernetes.Serialization;
import dev.podbond.operator.view.ClusterView;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the API server refuses, and what is said of it.
final class BondNetworkReconcilerTest {
  private static final String TEMPLATES =
      "/apis/resource.k8s.io/v1/namespaces/demo/resourceclaimtemplates";
  private static final String REFUSAL = "exceeded quota: no-templates";
  private static final String BOND =
      """
      {"apiVersion": "podbond.dev/v1alpha1", "kind": "BondNetwork",
       "metadata": {"name": "storage", "namespace": "demo", "uid": "u", "generation": 1},
       "spec": {"mode": "active-backup", "allocation": "dra",
        "members": [{"sriovNetwork": "vf"}, {"sriovNetwork": "vf"}]}}
      """;
  private static final String KIND =
      """
      {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "%1$s", "resources": [
        {"name": "%2$s", "singularName": "", "namespaced": true, "kind": "%3$s",
         "verbs": ["create", "patch", "get"]}]}
      """;
  private static final String VF =
      """
      {"name": "%s", "attributes": {
        "k8s.cni.cncf.io/resourceName": {"string": "openshift.io/r"},
        "sriovnetwork.k8snetworkplumbingwg.io/pfPciAddress": {"string": "%1$s"}}}
      """;
  private static final String SLICE =
      """
      {"metadata": {"name": "s"}, "spec": {"driver": "sriovnetwork.k8snetworkplumbingwg.io",
        "nodeName": "n", "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1},
        "devices": [%s, %s]}}
      """;

  private FakeApiServer server;
  private KubernetesClient client;
  private ClusterView view;
  private BondNetworkReconciler reconciler;
  private BondNetworkResource resource;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    server = new FakeApiServer();
    server.put(
        "/apis/resource.k8s.io/v1",
        KIND.formatted("resource.k8s.io/v1", "resourceclaimtemplates", "ResourceClaimTemplate"));
    server.put(
        "/apis/k8s.cni.cncf.io/v1",
        KIND.formatted(
            "k8s.cni.cncf.io/v1", "network-attachment-definitions", "NetworkAttachmentDefinition"));
    server.list("/apis/podbond.dev/v1alpha1/bondnetworks", BOND);
    server.list(
        "/apis/sriovnetwork.openshift.io/v1/sriovnetworks",
        "{\"metadata\": {\"name\": \"vf\", \"namespace\": \"demo\"}, \"spec\": {\"resourceName\":"
            + " \"r\"}}");
    server.list(
        "/apis/k8s.cni.cncf.io/v1/network-attachment-definitions",
        "{\"metadata\": {\"name\": \"vf\", \"namespace\": \"demo\", \"annotations\":"
            + " {\"k8s.v1.cni.cncf.io/resourceName\": \"openshift.io/r\"}}, \"spec\": {}}");
    server.list(
        "/apis/resource.k8s.io/v1/resourceslices",
        SLICE.formatted(VF.formatted("1"), VF.formatted("2")));
    server.list(
        "/api/v1/namespaces",
        "{\"metadata\": {\"name\": \"demo\", \"labels\": {\"podbond.dev/bonds\": \"true\"}}}");
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
            Optional.of(new ClaimRules("class", true)));
    view.start();
    await(() ->
        view.isMarked("demo")
            && view.attachment("demo/vf").isPresent()
            && view.bond("demo/storage")
                .filter(bond -> !view.assess(bond).nodes().isEmpty())
                .isPresent());
    reconciler = new BondNetworkReconciler(client, view, (_, present) -> present);
    resource = Serialization.create().unmarshal(BOND, BondNetworkResource.class);
  }

  @AfterEach
  void end() {
    view.close();
    client.close();
    server.close();
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (!wanted.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(20);
    }
  }

  /// As the framework does: what is to be stored is there the next time.
  private UpdateControl<BondNetworkResource> reconcile() {
    UpdateControl<BondNetworkResource> next = reconciler.reconcile(resource, null);
    if (next.isPatchStatus()) {
      resource.setStatus(next.getResource().orElseThrow().getStatus());
    }
    return next;
  }

  private JsonObject ready() {
    return LenientObject.objects(
            LenientObject.object(Resources.json(resource), "status"), "conditions")
        .getFirst();
  }

  private String ready(String field) {
    return LenientObject.text(ready(), field).orElse("");
  }

  private static Optional<Long> millis(Duration time) {
    return Optional.of(time.toMillis());
  }

  @Test
  void aBondWhoseTemplateIsTakenIsReady() {
    reconcile();

    assertThat(ready("status")).as(ready().toString()).isEqualTo("True");
    assertThat(server.asked()).anyMatch(asked -> asked.startsWith("PATCH " + TEMPLATES));
  }

  @Test
  void aTemplateThatIsRefusedLeavesTheBondNotReadyUntilItIsTaken() throws Exception {
    server.refuse(TEMPLATES, REFUSAL);
    UpdateControl<BondNetworkResource> refused = reconcile();

    assertThat(ready("status")).isEqualTo("False");
    assertThat(ready("reason")).isEqualTo("TemplateRefused");
    assertThat(ready("message"))
        .contains("the API server refuses ResourceClaimTemplate demo/storage-", REFUSAL);
    assertThat(refused.getScheduleDelay()).isEqualTo(millis(Duration.ofMinutes(1)));
    assertThat(server.asked())
        .as("an event says so")
        .anyMatch(asked -> asked.startsWith("POST /api/v1/namespaces/demo/events"));
    UpdateControl<BondNetworkResource> again = reconcile();
    assertThat(again.isNoUpdate()).as("nothing new").isTrue();
    assertThat(again.getScheduleDelay()).isEqualTo(millis(Duration.ofMinutes(1)));

    server.accept(TEMPLATES);
    assertThat(reconcile().getScheduleDelay()).isEmpty();
    assertThat(ready("reason")).isEqualTo("BondReady");
  }

  /// Ten minutes from when it was seen first, however often something else is to be done meanwhile.
  @Test
  void theNextLookIsWhenTheTimeOfAStaleTemplateIsOver() throws Exception {
    JsonObject used =
        view.assess(view.bond("demo/storage").orElseThrow())
            .claim()
            .map(ClaimTemplate::manifest)
            .orElseThrow();
    String name = LenientObject.text(LenientObject.object(used, "metadata"), "name").orElseThrow();
    server.tell(
        "/apis/resource.k8s.io/v1/resourceclaimtemplates",
        "ADDED",
        used.toString().replace(name, "storage-00000000"));
    await(() ->
        view.templates(view.bond("demo/storage").orElseThrow()).contains("demo/storage-00000000"));

    reconcile();
    Thread.sleep(50);
    assertThat(reconcile().getScheduleDelay().orElseThrow())
        .isGreaterThan(Duration.ofMinutes(8).toMillis())
        .isLessThan(StaleTemplates.GRACE.toMillis() - 40);
  }
}
