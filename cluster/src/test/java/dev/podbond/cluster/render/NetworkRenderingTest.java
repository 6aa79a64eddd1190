package dev.podbond.cluster.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlObjects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NetworkRenderingTest {
  private static final String START = "{ \"cniVersion\":\"1.0.0\", \"name\":\"test\",";
  private static final String SRIOV = "\"type\":\"sriov\",\"vlan\":0,\"vlanQoS\":0,";

  @Test
  void rendersTheSmallestNetworkByteForByteAsTheOperator() throws Exception {
    assertThat(render("logLevel: ''").configText())
        .isEqualTo(START + "\"type\":\"sriov\",\"vlan\":0,\"vlanQoS\":0,\"ipam\":{} }");
  }

  @Test
  void putsTheSchemasLogLevelWhereNoneIsGiven() throws Exception {
    assertThat(render("vlan: 0").configText())
        .isEqualTo(START + SRIOV + "\"logLevel\":\"info\",\"ipam\":{} }");
  }

  @Test
  void chainsMetaPluginsBehindTheVf() throws Exception {
    assertThat(
            render(
                    """
                    logLevel: ''
                      metaPlugins: '{"type":"vrf","vrfname":"blue"}'
                    """)
                .configText())
        .isEqualTo(
            START
                + "\"plugins\": [ {"
                + SRIOV
                + "\"ipam\":{} }, {\"type\":\"vrf\",\"vrfname\":\"blue\"} ] }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          vlan: 5                          | "type":"sriov","vlan":5,"vlanQoS":0,"ipam":{} }
          vlanQoS: 3                       | "type":"sriov","vlan":0,"vlanQoS":3,"ipam":{} }
          spoofChk: "off"                  | "type":"sriov","vlan":0,"spoofchk":"off","vlanQoS":0,"ipam":{} }
          spoofChk: "on"                   | "type":"sriov","vlan":0,"spoofchk":"on","vlanQoS":0,"ipam":{} }
          trust: "on"                      | "type":"sriov","vlan":0,"trust":"on","vlanQoS":0,"ipam":{} }
          vlanProto: 802.1ad               | "type":"sriov","vlan":0,"vlanQoS":0,"vlanProto":"802.1ad","ipam":{} }
          minTxRate: 0                     | "type":"sriov","vlan":0,"vlanQoS":0,"min_tx_rate":0,"ipam":{} }
          maxTxRate: 100                   | "type":"sriov","vlan":0,"vlanQoS":0,"max_tx_rate":100,"ipam":{} }
          capabilities: '{ "mac": true }'  | "type":"sriov","vlan":0,"vlanQoS":0,"capabilities":{ "mac": true },"ipam":{} }
          linkState: enable                | "type":"sriov","vlan":0,"vlanQoS":0,"link_state":"enable","ipam":{} }
          logFile: /var/log/x              | "type":"sriov","vlan":0,"vlanQoS":0,"logFile":"/var/log/x","ipam":{} }
          ipam: '{ "type": "host-local" }' | "type":"sriov","vlan":0,"vlanQoS":0,"ipam":{"type":"host-local"} }
          """)
  void rendersEachField(String field, String rest) throws Exception {
    assertThat(render("logLevel: ''\n  " + field).configText()).isEqualTo(START + rest);
  }

  @Test
  void foldsTheLinesOfACapabilitiesTextAsYamlDoes() throws Exception {
    assertThat(render("logLevel: ''\n  capabilities: \"{\\n  \\\"ips\\\": true\\n}\"").configText())
        .contains("\"capabilities\":{ \"ips\": true },");
  }

  @Test
  void annotatesResourceAndOwner() throws Exception {
    NetworkAttachment rendered = render("networkNamespace: demo");

    assertThat(rendered.key()).hasToString("NetworkAttachmentDefinition demo/test");
    assertThat(rendered.resourceName()).isEqualTo(Optional.of("openshift.io/res"));
    assertThat(rendered.owner())
        .isEqualTo(
            Optional.of(
                "SriovNetwork.sriovnetwork.openshift.io/openshift-sriov-network-operator/test"));
  }

  /// Each error is reported at its own line and column, not in the rendered configuration.
  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '~',
      value = {
        "ipam: '{' § 8: ; spec.ipam is not JSON: column 10: this { is never closed",
        "ipam: '{\"type\": \"static\",}' § 8: ; column 27: a comma with nothing after it; remove it",
        "ipam: |¶    {¶      \"type\": \"dhcp\", # by the switch¶    } § 10: ; column 23: a comment",
        "ipam: |-¶    {¶      \"type\": \"dhcp,¶      \"x\": 1¶    } § 10: ; column 15: the closing double quote",
        "ipam: >¶    {¶      \"type\": \"dhcp\",¶    } § 10: ; column 21: a comma with nothing after it",
        "ipam: \"{\\n  \\\"type\\\": dhcp}\" § 8: ; column 25: dhcp needs double quotes around it",
        "capabilities: '{\"mac\": True}' § 8: ; column 26: True is written in lower case letters",
        "metaPlugins: |¶    {¶      \"type\": \"tuning\"¶    }, § 11: ; column 6: a comma with nothing after it",
      })
  void aMistakeInAJsonTextIsNamedAtItsLineAndColumn(String fields, String message) {
    String[] words = message.split(";", 2);
    assertThatThrownBy(() -> render(fields.replace('¶', '\n')))
        .isInstanceOf(LocatedException.class)
        .hasMessageStartingWith(
            "n.yaml:"
                + words[0].strip()
                + " SriovNetwork openshift-sriov-network-operator/test: spec.")
        .hasMessageContaining(words[1].strip())
        .hasMessageNotContaining("Source");
  }

  @Test
  void whiteSpaceThatTheOperatorTakesAwayIsNoMistake() throws Exception {
    assertThat(render("ipam: |\n    {\"type\": \"sta\n    tic\"}").configText())
        .contains("\"ipam\":{\"type\":\"static\"}");
  }

  private static NetworkAttachment render(String fields) throws LocatedException {
    String text =
        """
        apiVersion: sriovnetwork.openshift.io/v1
        kind: SriovNetwork
        metadata:
          name: test
          namespace: openshift-sriov-network-operator
        spec:
          resourceName: res
        """;
    SriovNetwork network =
        (SriovNetwork) YamlObjects.read("n.yaml", text + "  " + fields + "\n").getFirst();
    return NetworkRendering.render(network, NetworkRendering.OKD_RESOURCE_PREFIX);
  }
}
