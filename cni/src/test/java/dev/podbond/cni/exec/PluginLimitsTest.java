package dev.podbond.cni.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PluginLimitsTest {
  private static final Duration KUBELETS_FOR_A_SANDBOX = Duration.ofMinutes(4);
  private static final Duration OF_DHCP_ITSELF = Duration.ofSeconds(208);

  @Test
  void anAddHasAsLongAsDhcpTriesAndLessThanKubeletWaits() {
    assertThat(PluginLimits.IPAM.of(Map.of("CNI_COMMAND", "ADD")))
        .isGreaterThan(OF_DHCP_ITSELF)
        .isLessThan(KUBELETS_FOR_A_SANDBOX);
  }

  @Test
  void nothingElseNeedsThatPatience() {
    for (String verb : new String[] {"DEL", "CHECK", "STATUS", "GC"}) {
      assertThat(PluginLimits.IPAM.of(Map.of("CNI_COMMAND", verb))).hasSeconds(60);
    }
    assertThat(PluginLimits.IPAM.of(Map.of())).hasSeconds(60);
    assertThat(PluginLimits.always(Duration.ofSeconds(3)).of(Map.of("CNI_COMMAND", "ADD")))
        .hasSeconds(3);
  }
}
