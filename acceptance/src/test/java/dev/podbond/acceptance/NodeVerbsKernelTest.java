package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// VERSION, STATUS and GC, which concern the node and not one attachment.
class NodeVerbsKernelTest extends PodTest {
  /// Debian's host-local does not support 1.1.0 yet: this IPAM plugin does, and records its calls.
  private static final String DIARIST =
      """
      cat > /dev/null
      echo "$CNI_COMMAND $CNI_CONTAINERID" >> %s
      [ "$CNI_COMMAND" != ADD ] || echo '{"cniVersion": "1.1.0", "ips": [{"address": "10.7.7.2/24"}]}'
      [ "$CNI_COMMAND" != STATUS ] || [ ! -e %s/closed ] || {
        echo '{"cniVersion": "1.1.0", "code": 51, "msg": "no addresses today"}'
        exit 1
      }
      """;

  private PluginCall newest(Pod of) throws Exception {
    node.addPlugin("diarist", DIARIST.formatted(diary(), node.plugins()));
    return node.bond(
            of, "bond0", Network.bond("'cniVersion': '1.1.0', 'ipam': {'type': 'diarist'}"))
        .withPath(node.plugins());
  }

  private Path diary() throws Exception {
    return node.plugins().resolve("diary");
  }

  private List<String> calls() throws Exception {
    return Files.exists(diary()) ? Files.readAllLines(diary()) : List.of();
  }

  @Test
  void versionListsAllThereAre() throws Exception {
    Outcome version = newest(pod).version().ok();
    assertThat(SeenLink.text(version.json(), "cniVersion")).isEqualTo("1.1.0");
    assertThat(SeenLink.words(version.json(), "supportedVersions"))
        .containsExactly("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0");
  }

  @Test
  void statusIsGoodWhereABondCanBeMade() throws Exception {
    newest(pod).without("ipam").status().ok();
    assertThat(calls()).isEmpty();
  }

  @Test
  void statusAsksIpam() throws Exception {
    newest(pod).status().ok();
    assertThat(calls()).containsExactly("STATUS ");
    Files.createFile(node.plugins().resolve("closed"));
    newest(pod).status().failed(51, "no addresses today");
  }

  @Test
  void statusAndGcBelongToVersion110() throws Exception {
    newest(pod).with("'cniVersion': '1.0.0'").status().failed(1, "STATUS");
    newest(pod).with("'cniVersion': '1.0.0'").gc("").failed(1, "GC");
  }

  @Test
  void theNewestResultHasTheMtu() throws Exception {
    pod.withDummies("net1", "net2");
    pod.ip().run("link set net2 mtu 1450");
    Outcome added = newest(pod).add().ok();
    assertThat(SeenLink.text(added.onlyInterface(), "mtu")).isEqualTo("1450");
    newest(pod).del().ok();
  }

  @Test
  void gcFreesWhatIsNotListed() throws Exception {
    try (Pod kept = Pod.create();
        Pod gone = Pod.create()) {
      pod.withDummies("net1", "net2");
      kept.withDummies("net1", "net2");
      gone.withDummies("net1", "net2");
      newest(pod).add().ok();
      newest(kept).add().ok();
      newest(gone).add().ok();
      gone.destroy();

      newest(pod).gc("{'containerID': '%s', 'ifname': 'bond0'}".formatted(kept.name())).ok();

      assertThat(kept.ip().find("bond0")).isPresent();
      assertThat(pod.ip().find("bond0")).isEmpty();
      assertThat(pod.ip().link("net1").master()).isEmpty();
      assertThat(node.state()).hasSize(1);
      assertThat(calls())
          .contains("DEL " + pod.name(), "DEL " + gone.name())
          .doesNotContain("DEL " + kept.name())
          .anyMatch(call -> call.startsWith("GC"));
      newest(kept).del().ok();
      assertThat(node.state()).isEmpty();
    }
  }

  @Test
  void gcOfOneNetworkLeavesOthersAlone() throws Exception {
    pod.withDummies("net1", "net2");
    newest(pod).add().ok();
    newest(pod).with("'name': 'another-net'").gc("").ok();
    assertThat(pod.ip().find("bond0")).isPresent();
    newest(pod).gc("").ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
  }
}
