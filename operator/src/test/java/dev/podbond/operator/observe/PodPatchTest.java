package dev.podbond.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.json.JsonObject;
import dev.podbond.operator.FakeApiServer;
import dev.podbond.operator.kubernetes.Serialization;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PodPatchTest {
  /// Whoever calls it tries again, later. Until then nobody waits for it.
  @Test
  void aWriteThatIsRefusedIsMadeOnce() throws Exception {
    try (FakeApiServer server = new FakeApiServer();
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(
                    new ConfigBuilder(server.config())
                        .withRequestRetryBackoffLimit(3)
                        .withRequestRetryBackoffInterval(1)
                        .build())
                .withKubernetesSerialization(Serialization.create())
                .build()) {
      server.setAway(true);
      PodPatch patch = PodPatch.with(client);
      BondedPod pod = new BondedPod("demo", "web", "uid-web", "n1", List.of(), 1, List.of());

      assertThatThrownBy(() -> patch.merge(pod, JsonObject.builder().build()))
          .isInstanceOf(KubernetesClientException.class);
      assertThat(server.asked()).hasSize(1);
    }
  }
}
