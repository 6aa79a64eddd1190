package dev.podbond.plugins.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.NodeSettings;
import dev.podbond.bonding.config.PodNetworks;
import dev.podbond.bonding.config.Standing;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MultusNetworksTest {
  @TempDir Path multus;

  private PodNetworks networks() throws Exception {
    return networks("{'name': 'b', 'type': 'bond', 'ifname': 'bond0'}");
  }

  private PodNetworks networks(String stdin) throws Exception {
    Invocation call =
        new Invocation(
            CniCommand.ADD,
            "c1",
            Optional.of(Path.of("/run/netns/pod")),
            "net2",
            new CniArgs(""),
            NetworkConfig.parse(stdin.replace('\'', '"')),
            CniVersion.DEFAULT,
            Map.of());
    return MultusNetworks.of(call, new NodeSettings(true, false, multus.toString()));
  }

  /// As Multus writes them: the cluster's network, one VF, and the network in question.
  private void written(String network, String more) throws IOException {
    String delegates =
        "[{'Conf':{'name':'cluster','type':'ptp'},'Name':'cluster','Bytes':'%s'},"
            + "{'Conf':{'name':'vf','type':'sriov'},'Name':'demo/vf','Bytes':'%s'},"
            + "{'Conf':{},'Name':'demo/b','Bytes':'%s'%s},"
            + "{'Conf':{},'Name':'demo/c','ifnameRequest':'store','Bytes':''}]";
    Files.writeString(
        multus.resolve("c1"),
        delegates
            .formatted(
                base64("{'name':'cluster','type':'ptp'}"),
                base64("{'name':'vf','type':'sriov'}"),
                base64(network),
                more)
            .replace('\'', '"'));
  }

  private static String base64(String text) {
    return Base64.getEncoder()
        .encodeToString(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':'b','type':'bond'} | LAST",
        "{'name':'b','plugins':[{'type':'bond'}]} | LAST",
        "{'name':'b','Plugins':[{'type':'tuning'},{'Type':'bond'}]} | LAST",
        "{'name':'b','plugins':[{'type':'bond'},{'type':'sbr'}]} | FOLLOWED",
        "{'name':'b','plugins':[{'type':'bond'},{'type':'bond'}]} | FOLLOWED",
        // A plugin that itself calls for the bond may do more than that.
        "{'name':'b','type':'meta','delegate':{'type':'bond'}} | UNKNOWN",
        "{'name':'b','plugins':[{'type':'meta'}]} | UNKNOWN",
        "{'name':'other','type':'bond'} | UNKNOWN",
        "{'name':'b','plugins':7} | UNKNOWN",
        "{'name':'b'} | UNKNOWN",
        "[] | UNKNOWN",
        "{ | UNKNOWN"
      })
  void aNetworkOfOnePluginIsToldFromAChain(String network, Standing standing) throws Exception {
    written(network, "");
    assertThat(networks().standing()).isEqualTo(standing);
  }

  @Test
  void theOthersNamesAreKnownBeforeTheyCome() throws Exception {
    written("{'name':'b','type':'bond'}", "");
    assertThat(networks().otherNames()).isEqualTo(Set.of("net0", "net1", "store"));
  }

  @Test
  void aNumberThatWasAskedForWasAskedFor() throws Exception {
    written("{'name':'b','type':'bond'}", ",'ifnameRequest':'net2'");
    assertThat(networks().standing()).isEqualTo(Standing.ASKED_FOR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[", "[{\"Bytes\": 7}, 3, {\"Bytes\": \"%%\"}]", "\ud800"})
  void whatIsNotAsExpectedIsNotKnown(String content) throws Exception {
    Files.write(multus.resolve("c1"), content.getBytes(StandardCharsets.UTF_16));
    assertThat(networks().standing()).isEqualTo(Standing.UNKNOWN);
    Files.writeString(multus.resolve("c1"), content.replace('\ud800', '?'));
    assertThat(networks().standing()).isEqualTo(Standing.UNKNOWN);
  }

  @Test
  void aFileLongerThanAnyPodsNetworksIsNotRead() throws Exception {
    written("{'name':'b','type':'bond'}", ",'Conf':[" + "{},".repeat(50_000) + "{}]");
    assertThat(networks()).isEqualTo(PodNetworks.UNKNOWN);
  }

  @Test
  void nothingIsReadWithoutNeed() throws Exception {
    assertThat(networks()).isEqualTo(PodNetworks.UNKNOWN);
    written("{'name':'b','type':'bond'}", "");
    assertThat(networks("{'name': 'b', 'type': 'bond'}")).isEqualTo(PodNetworks.UNKNOWN);
    Files.delete(multus.resolve("c1"));
    Files.createDirectory(multus.resolve("c1"));
    assertThat(networks()).isEqualTo(PodNetworks.UNKNOWN);
  }
}
