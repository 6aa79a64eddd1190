package dev.podbond.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class TryingOnceTest {
  @Test
  @Timeout(120)
  void aRequestThatIsNotAnsweredEndsAtItsTimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        KubernetesClient client =
            new KubernetesClientBuilder()
                .withConfig(
                    new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + silent.getLocalPort())
                        .withRequestTimeout(600_000)
                        .build())
                .build()) {
      KubernetesClient once = Resources.tryingOnce(client, Duration.ofMillis(200));

      assertThatThrownBy(() -> once.nodes().withName("n1").get())
          .isInstanceOf(KubernetesClientException.class);
    }
  }
}
