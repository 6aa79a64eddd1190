package dev.podbond.cluster.assess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.sriov.SriovNodeState;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.cluster.sriov.VfPolicy;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AssessmentTest {
  private static final String BOND = "'mode':'active-backup'";

  @Test
  void aSoundBondHasNothingAgainstItAndCountsItsPods() {
    Assessment assessment =
        assess(
            BOND,
            "",
            "",
            node("n1", "pf0", "pf1"),
            (_, resource) -> resource.equals("openshift.io/r0") ? 3 : 0);

    assertThat(assessment.findings()).isEmpty();
    assertThat(assessment.nodes()).containsExactly(new NodeCapacity("n1", 8, 5));
    assertThat(assessment.attachments()).hasSize(1);
  }

  /// Each row: the bond, fields of network b, fields of policy b, the reason of the first finding.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'mode':'balance-xor'              |                                |                         | TrustMissing
          'mode':'active-backup','mtu':9000 |                                |                         | MtuTooLarge
          'mode':'active-backup','vlans':[{'id':5,'mtu':9000}] |             |                         | MtuTooLarge
          'mode':'active-backup','vlans':[{'id':0}] |                        |                         | InvalidBond
          'mode':'active-backup','miimon':'x' |                              |                         | InvalidBond
          'mode':'active-backup','ipam':{'type':'dhcp'} |                    |                         | IpamNotAllowed
          'mode':'active-backup'            | 'linkState':'disable'          |                         | LinkStateDisabled
          'mode':'active-backup'            | 'linkState':'enable'           |                         | LinkStateFixed
          'mode':'active-backup'            | 'vlan':5                       |                         | VlanMismatch
          'mode':'active-backup'            | 'resourceName':'r0'            |                         | SamePF
          'mode':'active-backup'            | 'resourceName':'none'          |                         | PolicyNotFound
          'mode':'active-backup'            | 'networkNamespace':'other'     |                         | MemberNotFound
          'mode':'active-backup'            | 'ipam':'{"type":"static"}'     |                         | MemberAddressed
          'mode':'active-backup'            |                                | 'deviceType':'vfio-pci' | NoInterface
          'mode':'active-backup'            |                                | 'mtu':9000              | MtuUnequal
          'mode':'802.3ad'                  | 'trust':'on','spoofChk':'off'  | 'linkType':'ib'         | TrustMissing
          """)
  void namesWhatStandsAgainstABond(String bond, String network, String policy, String reason) {
    Assessment assessment =
        assess(
            bond,
            network == null ? "" : network.replace("\"", "\\\""),
            policy == null ? "" : policy,
            node("n1", "pf0", "pf1"),
            DeviceUsage.none());

    assertThat(assessment.findings())
        .first()
        .extracting(f -> f.reason().toString())
        .isEqualTo(reason);
  }

  @Test
  void whatNamesAnIpamPluginThatIsNotAllowedIsNotRendered() {
    assertThat(
            assess(
                    BOND + ",'ipam':{'type':'dhcp'}",
                    "",
                    "",
                    node("n1", "pf0", "pf1"),
                    DeviceUsage.none())
                .attachments())
        .isEmpty();
  }

  @Test
  void whatChainsAPluginThatIsNotAllowedIsNotRendered() {
    Assessment refused =
        assess(
            BOND + ",'vlans':[{'id':5,'chain':[{'type':'firewall'}]}]",
            "",
            "",
            node("n1", "pf0", "pf1"),
            DeviceUsage.none());
    assertThat(refused.attachments()).isEmpty();
    assertThat(refused.findings())
        .extracting(Finding::reason)
        .containsExactly(Reason.CHAIN_NOT_ALLOWED);
  }

  @Test
  void theStatusTellsEachVlan() {
    Assessment sound =
        assess(
            BOND + ",'vlans':[{'id':5},{'id':6,'name':'backup'}]",
            "",
            "",
            node("n1", "pf0", "pf1"),
            DeviceUsage.none());
    assertThat(sound.findings()).isEmpty();
    assertThat(sound.attachments()).hasSize(3);
    assertThat(BondStatus.of(sound, JsonObject.of(), "2026-01-01T00:00:00Z").get("vlans"))
        .contains(
            json("{'vlans':[{'id':5,'interface':'storage-v5','networkAttachment':"
                    + "'demo/storage-v5'},{'id':6,'interface':'backup','networkAttachment':"
                    + "'demo/storage-v6'}]}")
                .get("vlans")
                .orElseThrow());
  }

  /// One foreign attachment blocks all of them: half a bond is useless.
  @Test
  void aVlanWhoseNameIsTakenKeepsTheBondBack() {
    Assessment taken =
        assess(
            BOND + ",'vlans':[{'id':5},{'id':6}]",
            "",
            "",
            node("n1", "pf0", "pf1"),
            DeviceUsage.none(),
            Map.of("demo/storage-v6", JsonObject.of()));
    assertThat(taken.attachments()).isEmpty();
    assertThat(taken.findings()).extracting(Finding::reason).containsExactly(Reason.NAME_TAKEN);
    assertThat(taken.findings().getFirst().message()).contains("demo/storage-v6");
  }

  @Test
  void onePfForBothResourcesMakesNoRedundancy() {
    assertThat(assess(BOND, "", "", node("n1", "pf0", "pf0"), DeviceUsage.none()).findings())
        .extracting(Finding::reason)
        .containsExactly(Reason.SAME_PF);
  }

  @Test
  void aNodeWithoutVfsOfBothIsNone() {
    assertThat(
            assess(
                    BOND,
                    "",
                    "",
                    List.of(nodeState("n1", "r0", "pf0", "rX", "pf1")),
                    DeviceUsage.none())
                .findings())
        .extracting(Finding::reason)
        .containsExactly(Reason.NO_NODE);
  }

  @Test
  void saysWhenNothingIsLeft() {
    assertThat(assess(BOND, "", "", node("n1", "pf0", "pf1"), (_, _) -> 8).findings())
        .extracting(Finding::reason)
        .containsExactly(Reason.NO_CAPACITY);
  }

  @Test
  void aConditionKeepsItsTimeWhileItLasts() {
    Assessment sound = assess(BOND, "", "", node("n1", "pf0", "pf1"), DeviceUsage.none());
    JsonObject first = BondStatus.of(sound, JsonObject.of(), "2026-01-01T00:00:00Z");

    assertThat(BondStatus.of(sound, first, "2026-01-02T00:00:00Z")).isEqualTo(first);
  }

  private static Assessment assess(
      String bond, String network, String policy, List<SriovNodeState> nodes, DeviceUsage usage) {
    return assess(bond, network, policy, nodes, usage, Map.of());
  }

  private static Assessment assess(
      String bond,
      String network,
      String policy,
      List<SriovNodeState> nodes,
      DeviceUsage usage,
      Map<String, JsonObject> others) {
    Map<String, VfNetwork> networks = new HashMap<>();
    Map<String, JsonObject> rendered = new HashMap<>(others);
    for (VfNetwork found : List.of(network("a", "r0", ""), network("b", "r1", network))) {
      networks.put(found.attachment(), found);
      rendered.put(found.attachment(), JsonObject.of());
    }
    return Assessment.of(
        BondNetwork.of(
            json(
                "{'metadata':{'name':'storage','namespace':'demo','uid':'u','generation':1},"
                    + "'spec':{'members':[{'sriovNetwork':'a'},{'sriovNetwork':'b'}],"
                    + bond
                    + "}}")),
        new ClusterSnapshot(
            networks,
            List.of(policy("p0", "r0", ""), policy("p1", "r1", policy)),
            nodes,
            rendered,
            usage,
            new ClusterNames("openshift.io", "podbond"),
            BondRules.DEFAULT));
  }

  private static VfNetwork network(String name, String resource, String more) {
    return VfNetwork.of(
        json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'sriov'},'spec':{'networkNamespace':'demo','resourceName':'"
                + resource
                + "'"
                + (more.isEmpty() ? "" : "," + more)
                + "}}"));
  }

  private static VfPolicy policy(String name, String resource, String more) {
    return VfPolicy.of(
        json(
            "{'metadata':{'name':'"
                + name
                + "'},'spec':{'resourceName':'"
                + resource
                + "'"
                + (more.isEmpty() ? "" : "," + more)
                + "}}"));
  }

  private static List<SriovNodeState> node(String name, String pf0, String pf1) {
    return List.of(nodeState(name, "r0", pf0, "r1", pf1));
  }

  private static SriovNodeState nodeState(
      String name, String r0, String pf0, String r1, String pf1) {
    return SriovNodeState.of(
        json(
            "{'metadata':{'name':'%s'},'spec':{'interfaces':[{'name':'%s','numVfs':8,'vfGroups':[{'resourceName':'%s','vfRange':'0-7'}]},{'name':'%s','numVfs':8,'vfGroups':[{'resourceName':'%s','vfRange':'%s#0-7'}]}]}}"
                .formatted(name, pf0, r0, pf1, r1, pf1)));
  }

  private static JsonObject json(String text) {
    try {
      return Json.parseObject(text.replace('\'', '"'));
    } catch (JsonException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
