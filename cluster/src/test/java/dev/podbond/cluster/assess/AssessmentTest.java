package dev.podbond.cluster.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said of a bond in which one thing is wrong: that, and nothing else.
final class AssessmentTest {
  private static final String TRUSTED = "trust: \"on\", spoofChk: \"off\"";

  private static List<String> reasons(Scene scene) {
    return scene.assess().findings().stream().map(found -> found.reason().toString()).toList();
  }

  private static String message(Scene scene) {
    List<Finding> findings = scene.assess().findings();
    assertThat(findings).hasSize(1);
    return findings.getFirst().message();
  }

  @Test
  void aSoundBondHasNothingAgainstItAndCountsItsPods() {
    Assessment assessment =
        Scene.sound()
            .withUsage((_, resource) -> resource.equals("openshift.io/r0") ? 3 : 0)
            .assess();

    assertThat(assessment.findings()).isEmpty();
    assertThat(assessment.nodes()).containsExactly(new NodeCapacity("n1", 8, 5));
    assertThat(assessment.attachments()).hasSize(1);
  }

  @Nested
  class OfTheBond {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            miimon: x                       | InvalidBond
            ifname: a-name-of-17-char       | InvalidBond
            vlans: [{id: 0}]                | InvalidBond
            ipam: {type: dhcp}              | IpamNotAllowed
            mode: balance-xor               | TrustMissing, TrustMissing
            mtu: 9000                       | MtuTooLarge, MtuTooLarge
            vlans: [{id: 5, mtu: 9000}]     | MtuTooLarge, MtuTooLarge
            """)
    void whatStandsAgainstItIsNamed(String bond, String expected) {
      assertThat(reasons(Scene.sound().withBond(bond))).containsExactly(expected.split(", "));
    }

    @Test
    void aLacpBondDegradesASwitchPortThatItShares() {
      Scene scene = Scene.sound().withBond("mode: 802.3ad").withNetworks(TRUSTED);

      assertThat(reasons(scene)).containsExactly("LacpShared");
      assertThat(message(scene)).contains("one pod of each pair of PFs", "use active-backup");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipam: {type: dhcp}", "vlans: [{id: 5, chain: [{type: firewall}]}]"})
    void whatNamesAPluginThatIsNotAllowedIsNotRendered(String bond) {
      assertThat(Scene.sound().withBond(bond).assess().attachments()).isEmpty();
    }

    @Test
    void aChainOfWhatIsNotAllowedIsNamed() {
      assertThat(reasons(Scene.sound().withBond("vlans: [{id: 5, chain: [{type: firewall}]}]")))
          .containsExactly("ChainNotAllowed");
    }
  }

  @Nested
  class OfAMember {
    /// Each row: what network b says, and what is said of that.
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            linkState: disable            | LinkStateDisabled
            linkState: enable             | LinkStateFixed
            vlan: 5                       | VlanMismatch
            resourceName: r0              | SamePF
            resourceName: none            | PolicyNotFound, NoNode
            networkNamespace: other       | MemberNotFound
            ipam: '{"type":"static"}'     | MemberAddressed
            """,
        quoteCharacter = '`')
    void whatStandsAgainstItsNetworkIsNamed(String network, String expected) {
      assertThat(reasons(Scene.sound().withNetwork("b", network)))
          .containsExactly(expected.split(", "));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            deviceType: vfio-pci  | NoInterface
            mtu: 9000             | MtuUnequal
            """)
    void whatStandsAgainstItsPolicyIsNamed(String policy, String expected) {
      assertThat(reasons(Scene.sound().withPolicy("p1", policy))).containsExactly(expected);
    }

    @Test
    void aMemberWhoseMacIsCheckedDegradesABondThatGivesItAnother() {
      Scene scene =
          Scene.sound()
              .withBond("mode: balance-xor")
              .withNetwork("a", TRUSTED)
              .withNetwork("b", "trust: \"on\", spoofChk: \"on\"");

      assertThat(reasons(scene)).containsExactly("SpoofCheck");
      assertThat(message(scene)).contains("SriovNetwork sriov/b", "spec.spoofChk: \"off\"");
    }

    /// The driver's default is on.
    @Test
    void aSpoofCheckOfWhichNothingIsSaidCountsAsOn() {
      Scene scene =
          Scene.sound()
              .withBond("mode: balance-xor")
              .withNetwork("a", TRUSTED)
              .withNetwork("b", "trust: \"on\"");

      assertThat(reasons(scene)).containsExactly("SpoofCheck");
    }

    @Test
    void aMemberThatIsNotTrustedIsNamedAloneWhereTheOtherOneIs() {
      Scene scene = Scene.sound().withBond("mode: balance-xor").withNetwork("a", TRUSTED);

      assertThat(reasons(scene)).containsExactly("TrustMissing");
      assertThat(message(scene)).contains("sriov/b").doesNotContain("sriov/a");
    }

    @Test
    void infinibandBondsInActiveBackupAlone() {
      Scene infiniband = Scene.sound().withNetworks(TRUSTED).withPolicy("p1", "linkType: ib");

      assertThat(reasons(infiniband)).isEmpty();
      Scene balancing = infiniband.withBond("mode: balance-xor");
      assertThat(reasons(balancing)).containsExactly("InfinibandMode");
      assertThat(message(balancing)).contains("SriovNetworkNodePolicy p1", "balance-xor");
      assertThat(reasons(balancing.withPolicy("p1", "linkType: eth"))).isEmpty();
    }

    @Test
    void aMemberThatIsNotRenderedYetIsWaitedFor() {
      Scene scene = Scene.sound().withoutRendered("demo/b");

      assertThat(reasons(scene)).containsExactly("MemberNotRendered");
      assertThat(message(scene)).contains("sriov/b", "NetworkAttachmentDefinition demo/b");
      // The bond may be there before its members are.
      assertThat(scene.assess().attachments()).hasSize(1);
    }
  }

  @Nested
  class OfNodes {
    @Test
    void onePfForBothResourcesMakesNoRedundancy() {
      assertThat(reasons(Scene.sound().withoutNodes().withNode("n1", "pf0", "pf0")))
          .containsExactly("SamePF");
    }

    @Test
    void aNodeWithOnePfForBothIsUnusableBesideOneWithTwo() {
      Scene scene = Scene.sound().withNode("n2", "pf0", "pf0");

      assertThat(reasons(scene)).containsExactly("NodeUnusable");
      assertThat(message(scene)).contains("node n2", "r0 and r1", "PF pf0");
      assertThat(scene.assess().nodes()).extracting(NodeCapacity::node).containsExactly("n1");
    }

    @Test
    void aNodeWithoutVfsOfBothIsNone() {
      assertThat(
              reasons(
                  Scene.sound()
                      .withoutNodes()
                      .withNodeState(
                          """
                          metadata: {name: n1}
                          spec:
                            interfaces:
                            - {name: pf0, numVfs: 8, vfGroups: [{resourceName: r0}]}
                            - {name: pf1, numVfs: 8, vfGroups: [{resourceName: rX}]}
                          """)))
          .containsExactly("NoNode");
    }

    /// It may have the VFs of before.
    @Test
    void aNodeThatCouldNotBeSetUpIsSaidAndStaysInUse() {
      Scene scene = Scene.sound().withNodeState(node("n2", "Failed", "no such PF"));

      assertThat(reasons(scene)).containsExactly("NodeNotSynced");
      assertThat(message(scene)).contains("node n2", "could not set it up: no such PF");
      assertThat(scene.assess().nodes()).extracting(NodeCapacity::node).containsExactly("n1", "n2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Succeeded", "InProgress"})
    void aNodeThatIsBeingSetUpIsNotSaid(String status) {
      assertThat(reasons(Scene.sound().withNodeState(node("n2", status, "of before")))).isEmpty();
    }

    private static String node(String name, String status, String error) {
      return """
      metadata: {name: %s}
      spec:
        interfaces:
        - {name: pf0, numVfs: 8, vfGroups: [{resourceName: r0}]}
        - {name: pf1, numVfs: 8, vfGroups: [{resourceName: r1}]}
      status: {syncStatus: %s, lastSyncError: %s}
      """
          .formatted(name, status, error);
    }

    @Test
    void itIsSaidWhenNothingIsLeft() {
      assertThat(reasons(Scene.sound().withUsage((_, _) -> 8))).containsExactly("NoCapacity");
      assertThat(reasons(Scene.sound().withUsage((_, _) -> 7))).isEmpty();
    }
  }

  @Nested
  class OfNames {
    @Test
    void anAttachmentOfSomebodyElsesKeepsTheBondBack() {
      Scene scene = Scene.sound().withRendered("demo/storage", "metadata: {name: storage}");

      assertThat(reasons(scene)).containsExactly("NameTaken");
      assertThat(message(scene)).contains("demo/storage", "is not this BondNetwork's");
      assertThat(scene.assess().attachments()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"u, true", "another, false"})
    void anAttachmentIsTheBondsByItsOwner(String owner, boolean sound) {
      Scene scene =
          Scene.sound()
              .withRendered("demo/storage", "metadata: {ownerReferences: [{uid: " + owner + "}]}");

      assertThat(reasons(scene).isEmpty()).isEqualTo(sound);
    }

    /// One attachment of somebody else's keeps all of them back: half a bond is none.
    @Test
    void aVlanWhoseNameIsTakenKeepsTheBondBack() {
      Scene scene =
          Scene.sound().withBond("vlans: [{id: 5}, {id: 6}]").withRendered("demo/storage-v6", "{}");

      assertThat(reasons(scene)).containsExactly("NameTaken");
      assertThat(message(scene)).contains("demo/storage-v6");
      assertThat(scene.assess().attachments()).isEmpty();
    }
  }

  /// Whoever has two troubles is told both, what refuses pods first.
  @Test
  void everyTroubleIsNamedTheGravestFirst() {
    Scene scene =
        Scene.sound()
            .withNetwork("a", "linkState: enable")
            .withNetwork("b", "linkState: disable, vlan: 5")
            .withoutRendered("demo/a");

    assertThat(scene.assess().findings())
        .extracting(found -> found.reason().toString(), found -> found.reason().effect())
        .containsExactly(
            tuple("LinkStateDisabled", Reason.Effect.REFUSES_PODS),
            tuple("MemberNotRendered", Reason.Effect.NOT_READY),
            tuple("LinkStateFixed", Reason.Effect.DEGRADES),
            tuple("VlanMismatch", Reason.Effect.DEGRADES));
  }

  @Test
  void theStatusTellsEachVlan() {
    Assessment sound = Scene.sound().withBond("vlans: [{id: 5}, {id: 6, name: backup}]").assess();
    assertThat(sound.findings()).isEmpty();
    assertThat(sound.attachments()).hasSize(3);
    assertThat(
            BondStatus.of(sound, Optional.empty(), JsonObject.of(), "2026-01-01T00:00:00Z")
                .get("vlans"))
        .isEqualTo(
            Scene.yaml(
                    """
                    vlans:
                    - {id: 5, interface: storage-v5, networkAttachment: demo/storage-v5}
                    - {id: 6, interface: backup, networkAttachment: demo/storage-v6}
                    """)
                .get("vlans"));
  }

  @Test
  void aConditionKeepsItsTimeWhileItLasts() {
    Assessment sound = Scene.sound().assess();
    JsonObject first =
        BondStatus.of(sound, Optional.empty(), JsonObject.of(), "2026-01-01T00:00:00Z");

    assertThat(BondStatus.of(sound, Optional.empty(), first, "2026-01-02T00:00:00Z"))
        .isEqualTo(first);
  }

  /// A word of the API, in the style of Kubernetes.
  @ParameterizedTest
  @EnumSource(Reason.class)
  void aReasonIsOneWord(Reason reason) {
    assertThat(reason.toString()).matches("([A-Z][a-z]+|[A-Z]{2})+");
  }

  @Test
  void membersOfOneCardAreToldOfAndNothingIsDegraded() {
    Assessment oneCard = cards("0000:3b:00.0", "0000:3b:00.1").assess();
    assertThat(oneCard.findings()).extracting(Finding::reason).containsExactly(Reason.SAME_CARD);
    assertThat(oneCard.findings().getFirst().message())
        .startsWith(
            "on 1 of 1 nodes the VFs of all members can come from one card: n2 (0000:3b:00)");
    assertThat(condition(oneCard, "Ready")).isEqualTo("True BondReady");
    assertThat(condition(oneCard, "Degraded")).isEqualTo("False SameCard");
  }

  @Test
  void membersOfTwoSlotsAndPfsWithoutAnAddressAreNotTakenForOneCard() {
    assertThat(cards("0000:3b:00.0", "0000:5e:00.0").assess().findings()).isEmpty();
    assertThat(Scene.sound().assess().findings()).isEmpty();
  }

  @Test
  void whatDegradesIsSaidBeforeWhatInforms() {
    Assessment both =
        cards("0000:3b:00.0", "0000:3b:00.1").withNetworks("linkState: enable").assess();
    assertThat(condition(both, "Degraded")).isEqualTo("True LinkStateFixed");
    assertThat(both.findings().getLast().reason()).isEqualTo(Reason.SAME_CARD);
  }

  @Test
  void aCardThatMayFailTakesNodesWithPfsOfTwo() {
    Scene asked = cards("0000:3b:00.0", "0000:3b:00.1").withBond("survive: [card]");
    Assessment impossible = asked.assess();
    assertThat(impossible.findings())
        .extracting(Finding::reason)
        .containsExactly(Reason.SURVIVAL_IMPOSSIBLE);
    assertThat(impossible.findings().getFirst().message())
        .startsWith(
            "spec.survive has card, and on 1 of 1 nodes the VFs of all members can come from one"
                + " card: n2 (0000:3b:00)");
    assertThat(condition(impossible, "Ready")).isEqualTo("False SurvivalImpossible");
    assertThat(impossible.nodes()).isEmpty();

    assertThat(
            cards("0000:3b:00.0", "0000:5e:00.0").withBond("survive: [card]").assess().findings())
        .isEmpty();
    Assessment some = asked.withNodeState(node("n3", "0000:3b:00.0", "0000:5e:00.0")).assess();
    assertThat(some.findings()).extracting(Finding::reason).containsExactly(Reason.SURVIVAL_UNMET);
    assertThat(some.findings().getFirst().message()).contains("on 1 of 2 nodes", "n2 (0000:3b:00)");
    assertThat(condition(some, "Ready")).isEqualTo("True BondReady");
    assertThat(some.nodes()).extracting(NodeCapacity::node).containsExactly("n3");
  }

  @Test
  void whatIsMissingToSayWhetherACardMayFailIsSaid() {
    Scene unaddressed = Scene.sound().withBond("survive: [card]");
    assertThat(unaddressed.assess().findings())
        .extracting(Finding::reason)
        .containsExactly(Reason.SURVIVAL_UNPROVEN);
    assertThat(unaddressed.assess().findings().getFirst().message())
        .contains("on n1: SriovNetworkNodeStates there have no pciAddress");
    assertThat(condition(unaddressed.assess(), "Ready")).isEqualTo("True BondReady");
    assertThat(unaddressed.withoutNodes().assess().findings().getFirst().message())
        .contains("no SriovNetworkNodeState tells");
    assertThat(
            unaddressed
                .withoutNodes()
                .withNodeState("{metadata: {name: n1}, spec: {interfaces: []}}")
                .assess()
                .findings())
        .as("another trouble")
        .extracting(Finding::reason)
        .containsExactly(Reason.NO_NODE);
    assertThat(Scene.sound().withBond("survive: [cable, port]").assess().findings()).isEmpty();
  }

  @Test
  void whoHasOnePfForBothIsToldThatBesideTheCard() {
    assertThat(
            reasons(
                cards("0000:3b:00.0", "0000:3b:00.1")
                    .withNode("n4", "pf0", "pf0")
                    .withBond("survive: [card]")))
        .containsExactly("SurvivalImpossible", "NodeUnusable");
  }

  @Test
  void switchPortsAreOfOneKindForAllBondsOfTheirPfs() {
    Scene mixed =
        Scene.sound()
            .withCompanion("demo", "xor", BondMode.BALANCE_XOR, "r1")
            .withCompanion("demo", "tlb", BondMode.BALANCE_TLB, "r1")
            .withCompanion("other", "secret", BondMode.LACP, "r0");
    assertThat(reasons(mixed)).containsExactly("SwitchLagMixed");
    assertThat(message(mixed))
        .startsWith("active-backup needs switch ports that are not joined")
        .contains("xor (balance-xor needs switch ports that are joined in a static LAG), and 1 of")
        .doesNotContain("secret", "tlb");
    assertThat(condition(mixed.assess(), "Degraded")).isEqualTo("True SwitchLagMixed");
    assertThat(reasons(Scene.sound().withCompanion("demo", "xor", BondMode.BALANCE_XOR, "r7")))
        .as("VFs of other PFs")
        .isEmpty();
    assertThat(
            reasons(
                Scene.sound()
                    .withNodeState(
                        """
                        metadata: {name: n2}
                        spec:
                          interfaces:
                          - {name: pf0, numVfs: 8, vfGroups: [{resourceName: r0, vfRange: 0-3},
                             {resourceName: r7, vfRange: 4-7}]}
                          - {name: pf1, numVfs: 8, vfGroups: [{resourceName: r1}]}
                        """)
                    .withCompanion("demo", "xor", BondMode.BALANCE_XOR, "r7")))
        .as("other VFs of one of the PFs")
        .containsExactly("SwitchLagMixed");
  }

  private static Scene cards(String pf0, String pf1) {
    return Scene.sound().withoutNodes().withNodeState(node("n2", pf0, pf1));
  }

  private static String node(String name, String pf0, String pf1) {
    return """
    metadata: {name: %s}
    spec:
      interfaces:
      - {name: pf0, pciAddress: "%s", numVfs: 8, vfGroups: [{resourceName: r0, vfRange: 0-7}]}
      - {name: pf1, pciAddress: "%s", numVfs: 8, vfGroups: [{resourceName: r1, vfRange: 0-7}]}
    """
        .formatted(name, pf0, pf1);
  }

  private static String condition(Assessment assessment, String type) {
    return LenientObject.objects(
            BondStatus.of(assessment, Optional.empty(), JsonObject.of(), "2026-11-30T00:00:00Z"),
            "conditions")
        .stream()
        .filter(one -> LenientObject.text(one, "type").equals(Optional.of(type)))
        .map(one ->
            LenientObject.text(one, "status").orElse("")
                + " "
                + LenientObject.text(one, "reason").orElse(""))
        .findFirst()
        .orElseThrow();
  }
}
