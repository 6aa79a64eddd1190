package dev.podbond.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.object.OperatorNamespaces;
import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.Serialization;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NetworkRendererTest {
  private static final String ATTACHMENTS =
      "/apis/k8s.cni.cncf.io/v1/network-attachment-definitions";
  private static final String ATTACHMENT =
      """
      {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
       "metadata": {"name": "n%d", "namespace": "first", "resourceVersion": "1", "uid": "n%1$d",
        "annotations": {%s}},
       "spec": {"config": "{}"}}
      """;
  private static final String OWNED =
      "\"sriovnetwork.openshift.io/owner-ref\":"
          + " \"SriovNetwork.sriovnetwork.openshift.io/operators/gone\"";

  /// Attachments that it rendered before its start come in a list with any number of pages.
  @Test
  void whatWentWhileNobodyLookedGoesWhenSomebodyDoes() throws Exception {
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(server.config())
                .withKubernetesSerialization(Serialization.create())
                .build()) {
      server.list(
          ATTACHMENTS,
          IntStream.range(0, 20)
              .<Supplier<String>>mapToObj(
                  i -> () -> ATTACHMENT.formatted(i, i % 2 == 0 ? OWNED : ""))
              .toList());

      new NetworkRenderer(client, "openshift.io", new OperatorNamespaces(Set.of("operators")))
          .start();

      List<String> gone =
          IntStream.range(0, 10)
              .mapToObj(i ->
                  "DELETE /apis/k8s.cni.cncf.io/v1/namespaces/first/network-attachment-definitions/n"
                      + 2 * i)
              .toList();
      Instant end = Instant.now().plus(Duration.ofMinutes(1));
      while (!server.asked().containsAll(gone)) {
        assertThat(Instant.now()).as(server.asked().toString()).isBefore(end);
        Thread.sleep(20);
      }
      assertThat(server.asked().stream().filter(asked -> asked.startsWith("DELETE")).distinct())
          .hasSameElementsAs(gone);
    }
  }
}
