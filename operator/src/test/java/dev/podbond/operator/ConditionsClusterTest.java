package dev.podbond.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.assess.Reason;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every reason, each in its own namespace, and its effect on a pod. The test plays the part of the
/// SR-IOV Network Operator. In this cluster VFs may be claimed, and the scheduler compares no
/// devices; [DraClusterTest] has one in which they may not.
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ConditionsClusterTest {
  private static final int WEBHOOK = TestCluster.freePort();
  private static final String[] VALUES = {
    "webhook.url=https://localhost:" + WEBHOOK, "dra.enabled=true"
  };

  /// What another setting of the operator says, and what nodes report.
  private static final Set<Reason> ELSEWHERE =
      Set.of(Reason.DRA_NOT_ENABLED, Reason.VF_LAG, Reason.SAME_SWITCH);

  private static final String CONDITIONS =
      "{range .status.conditions[*]}{.type}={.status}:{.reason}: {.message}{\"\\n\"}{end}";

  @TempDir static Path directory;
  private static TestCluster cluster;
  private static Map<Reason, BondScene> scenes;

  @BeforeAll
  static void install() {
    cluster = new TestCluster(directory);
    cluster.install(VALUES);
    cluster.operator(
        "only",
        WEBHOOK,
        TestCluster.freePort(),
        Map.of("PODBOND_DRA", "true", "PODBOND_DRA_DISTINCT", "false"));
    scenes = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      if (!ELSEWHERE.contains(reason)) {
        scenes.put(reason, scene(reason));
      }
    }
    cluster.apply(all(BondScene::namespaceYaml));
    cluster.apply(noTemplates(scenes.get(Reason.TEMPLATE_REFUSED)));
    cluster.apply(all(BondScene::surroundingsYaml));
    cluster.apply(taken(scenes.get(Reason.NAME_TAKEN)));
    cluster.apply(secondNode(scenes.get(Reason.NODE_UNUSABLE)));
    cluster.apply(
        oneCard(scenes.get(Reason.SURVIVAL_UNMET))
            .nodeYaml()
            .replace("name: node-", "name: second-node-"));
    cluster.apply(
        scenes
            .get(Reason.SWITCH_LAG_MIXED)
            .withBond("mode: active-backup")
            .bondYaml()
            .replace("name: bond,", "name: other,"));
    cluster.kubectl(
        "delete",
        "network-attachment-definition",
        "-n",
        scenes.get(Reason.MEMBER_NOT_RENDERED).namespace(),
        "--all");
    failSync(scenes.get(Reason.NODE_NOT_SYNCED));
    BondScene invalid = scenes.remove(Reason.INVALID_BOND);
    BondScene forbidden = scenes.remove(Reason.IPAM_NOT_ALLOWED);
    BondScene chained = scenes.remove(Reason.CHAIN_NOT_ALLOWED);
    cluster.apply(all(BondScene::bondYaml));
    storeUnasked(List.of(invalid, forbidden, chained));
    scenes.put(Reason.INVALID_BOND, invalid);
    scenes.put(Reason.IPAM_NOT_ALLOWED, forbidden);
    scenes.put(Reason.CHAIN_NOT_ALLOWED, chained);
    awaitReady(scenes.get(Reason.NO_CAPACITY));
    cluster.apply(scenes.get(Reason.NO_CAPACITY).podYaml("first", "bond"));
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /// The switch has no default, so a new reason without a scene does not compile.
  private static BondScene scene(Reason reason) {
    String id = reason.toString().toLowerCase(Locale.ROOT);
    BondScene scene = BondScene.of(id);
    return switch (reason) {
      case IPAM_NOT_ALLOWED -> scene.withBond("mode: active-backup\nipam: {type: dhcp}");
      case CHAIN_NOT_ALLOWED ->
          scene.withBond("mode: active-backup\nvlans: [{id: 5, chain: [{type: firewall}]}]");
      case INVALID_BOND -> scene.withBond("mode: active-backup\nmtu: 1");
      case NAME_TAKEN, MEMBER_NOT_RENDERED, NODE_NOT_SYNCED, NODE_UNUSABLE -> scene;
      case DRA_NOT_ENABLED, VF_LAG, SAME_SWITCH -> throw new AssertionError("elsewhere");
      case SURVIVAL_IMPOSSIBLE -> oneCard(scene).withBond("mode: active-backup\nsurvive: [card]");
      case SURVIVAL_UNMET -> scene.withBond("mode: active-backup\nsurvive: [card]");
      case SURVIVAL_UNPROVEN -> scene.withBond("mode: active-backup\nsurvive: [switch]");
      case SWITCH_LAG_MIXED ->
          scene
              .withNetworks("trust: \"on\"\nspoofChk: \"off\"", "trust: \"on\"\nspoofChk: \"off\"")
              .withBond("mode: balance-xor");
      case DISTINCT_UNAVAILABLE ->
          scene.withBond("mode: active-backup\nallocation: dra\ndistinct: card");
      case TEMPLATE_REFUSED, NO_DEVICES -> scene.withBond("mode: active-backup\nallocation: dra");
      case MEMBER_NOT_FOUND -> scene.withNetworks("linkState: auto", "networkNamespace: default");
      case POLICY_NOT_FOUND -> scene.withNetworks("linkState: auto", "resourceName: nobody_makes");
      case NO_INTERFACE -> scene.withPolicies("mtu: 9000", "mtu: 9000\ndeviceType: vfio-pci");
      case SAME_PF -> scene.withNetworks("linkState: auto", "resourceName: r0_" + id);
      case TRUST_MISSING -> scene.withBond("mode: balance-xor");
      case LINK_STATE_DISABLED -> scene.withNetworks("linkState: auto", "linkState: disable");
      case MTU_TOO_LARGE -> scene.withBond("mode: active-backup\nmtu: 9001");
      case INFINIBAND_MODE ->
          scene
              .withPolicies("mtu: 9000", "mtu: 9000\nlinkType: ib")
              .withNetworks("trust: \"on\"\nspoofChk: \"off\"", "trust: \"on\"\nspoofChk: \"off\"")
              .withBond("mode: balance-xor");
      case NO_NODE -> scene.withNode(BondScene.interfaces("pf0", "pf1", 8, "others" + id));
      case SPOOF_CHECK ->
          scene
              .withNetworks("trust: \"on\"\nspoofChk: \"off\"", "trust: \"on\"\nspoofChk: \"on\"")
              .withBond("mode: balance-xor");
      case LINK_STATE_FIXED -> scene.withNetworks("linkState: auto", "linkState: enable");
      case VLAN_MISMATCH -> scene.withNetworks("vlan: 6", "vlan: 7");
      case MTU_UNEQUAL -> scene.withPolicies("mtu: 9000", "mtu: 1500");
      case MEMBER_ADDRESSED ->
          scene.withNetworks("linkState: auto", "ipam: '{\"type\": \"dhcp\"}'");
      case LACP_SHARED ->
          scene
              .withNetworks("trust: \"on\"\nspoofChk: \"off\"", "trust: \"on\"\nspoofChk: \"off\"")
              .withBond("mode: 802.3ad");
      case NO_CAPACITY -> scene.withNode(BondScene.interfaces("pf0", "pf1", 1, id));
      case SAME_CARD -> oneCard(scene);
    };
  }

  private static BondScene oneCard(BondScene scene) {
    return scene.withNode(
        BondScene.interfaces("pf0", "pf1", 8, scene.id()).replace("0000:02:00.0", "0000:01:00.1"));
  }

  private interface Part {
    String of(BondScene scene);
  }

  private static String all(Part part) {
    return scenes.values().stream().map(part::of).collect(Collectors.joining("---\n"));
  }

  /// A cluster's administrator wants no templates in the namespace.
  private static String noTemplates(BondScene scene) {
    return """
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicy
    metadata: {name: no-templates}
    spec:
      failurePolicy: Fail
      matchConstraints:
        resourceRules:
          - apiGroups: [resource.k8s.io]
            apiVersions: ["*"]
            operations: [CREATE, UPDATE]
            resources: [resourceclaimtemplates]
      validations:
        - {expression: "false", message: no templates here}
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicyBinding
    metadata: {name: no-templates}
    spec:
      policyName: no-templates
      validationActions: [Deny]
      matchResources:
        namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
    """
        .formatted(scene.namespace());
  }

  /// A network attachment that has the bond's name and is not the bond's.
  private static String taken(BondScene scene) {
    return """
    apiVersion: k8s.cni.cncf.io/v1
    kind: NetworkAttachmentDefinition
    metadata: {name: bond, namespace: %s}
    spec: {config: '{"cniVersion": "1.0.0", "name": "bond", "type": "macvlan"}'}
    """
        .formatted(scene.namespace());
  }

  /// On the second node one PF has both resources.
  private static String secondNode(BondScene scene) {
    return scene
        .withNode(BondScene.interfaces("pf0", "pf0", 8, scene.id()))
        .nodeYaml()
        .replace("name: node-", "name: second-node-");
  }

  private static void failSync(BondScene scene) {
    TestCluster.Output output =
        cluster.kubectl(
            "patch",
            "sriovnetworknodestate",
            "node-" + scene.id(),
            "-n",
            "openshift-sriov-network-operator",
            "--subresource=status",
            "--type=merge",
            "-p={\"status\": {\"syncStatus\": \"Failed\", \"lastSyncError\": \"no such PF\"}}");
    assertThat(output.status()).as(output.text()).isZero();
  }

  /// As before there was a webhook, or after somebody forced a way past it.
  private static void storeUnasked(List<BondScene> refused) {
    refused.forEach(scene -> assertThat(cluster.tryApply(scene.bondYaml()).status()).isNotZero());
    cluster.kubectl("delete", "validatingwebhookconfiguration", "podbond");
    refused.forEach(scene -> cluster.apply(scene.bondYaml()));
    cluster.apply(cluster.chart(VALUES));
  }

  private static void awaitReady(BondScene scene) {
    cluster.await(
        "bondnetwork bond -n " + scene.namespace(),
        CONDITIONS,
        text -> text.contains("Ready=True"));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DRA_NOT_ENABLED", "VF_LAG", "SAME_SWITCH"})
  @Order(1)
  void isTheConditionsAndAnEvents(Reason reason) {
    BondScene scene = scenes.get(reason);
    String expected =
        switch (reason.effect()) {
          case DEGRADES -> "Degraded=True:" + reason;
          case INFORMS -> "Degraded=False:" + reason;
          case REFUSES_PODS, NOT_READY -> "Ready=False:" + reason;
        };
    String kind = reason.effect() == Reason.Effect.INFORMS ? "Normal:" : "Warning:";

    cluster.await(
        "bondnetwork bond -n " + scene.namespace(), CONDITIONS, text -> text.contains(expected));
    cluster.await(
        "events -n " + scene.namespace(),
        "{range .items[*]}{.type}:{.reason} {end}",
        text -> text.contains(kind + reason));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DRA_NOT_ENABLED", "VF_LAG", "SAME_SWITCH"})
  @Order(2)
  void refusesPodsOrNot(Reason reason) {
    BondScene scene = scenes.get(reason);
    TestCluster.Output made = cluster.tryApply(scene.podYaml("second", "bond"));

    if (reason.effect() == Reason.Effect.REFUSES_PODS) {
      String message =
          cluster.await(
              "bondnetwork bond -n " + scene.namespace(),
              "{.status.conditions[?(@.type==\"Ready\")].message}",
              text -> !text.isEmpty());
      assertThat(made.status()).as(made.text()).isNotZero();
      assertThat(made.text()).contains("BondNetwork " + scene.namespace() + "/bond: ");
      // The condition lists all problems, the gravest first.
      assertThat(made.text()).contains(message.split("\\. ")[0].replaceAll("\\.$", ""));
    } else {
      assertThat(made.status()).as(made.text()).isZero();
    }
  }

  /// The other refusals of pods, on a bond that is ready.
  @Test
  @Order(3)
  void refusesPodsThatAskWrongly() {
    BondScene scene = scenes.get(Reason.LINK_STATE_FIXED);
    String id = scene.id();

    assertThat(refused(scene, "bond, n0-%s@bond-1".formatted(id)))
        .contains("has ns-" + id + "/n0-" + id + "@bond-1 behind the bond");
    assertThat(refused(scene, "bond, other@bond")).contains("is the second one to want");
  }

  @Test
  @Order(4)
  void takesTheJsonFormAndKeepsWhatElseIsInIt() {
    BondScene scene = scenes.get(Reason.LINK_STATE_FIXED);
    String id = scene.id();

    cluster.apply(scene.podYaml("json", "[{\"name\": \"bond\", \"mac\": \"02:00:00:00:00:01\"}]"));

    assertThat(annotation(scene, "json"))
        .isEqualTo(
            "[{\"name\":\"n0-%s\",\"namespace\":\"ns-%s\",\"interface\":\"bond-1\"},"
                    .formatted(id, id)
                + "{\"name\":\"n1-%s\",\"namespace\":\"ns-%s\",\"interface\":\"bond-2\"},"
                    .formatted(id, id)
                + "{\"name\":\"bond\",\"mac\":\"02:00:00:00:00:01\",\"interface\":\"bond\"}]");
  }

  /// Networks are attached when a pod starts; the webhook does not judge later changes.
  @Test
  @Order(5)
  void leavesUpdatesOfAPodAlone() {
    BondScene scene = scenes.get(Reason.LINK_STATE_FIXED);
    cluster.apply(scene.podYaml("updated", "bond"));
    String before = annotation(scene, "updated");

    TestCluster.Output labelled =
        cluster.kubectl("label", "pod", "updated", "-n", scene.namespace(), "some=label");

    assertThat(labelled.status()).as(labelled.text()).isZero();
    assertThat(annotation(scene, "updated")).isEqualTo(before);
  }

  /// The last test, since it removes the mutating webhook.
  @Test
  @Order(6)
  void refusesPodsThatWereNotExpanded() {
    cluster.kubectl("delete", "mutatingwebhookconfiguration", "podbond");

    assertThat(refused(scenes.get(Reason.LINK_STATE_FIXED), "bond"))
        .contains("the mutating webhook of podbond did not see it");
    BondScene scene = scenes.get(Reason.LINK_STATE_FIXED);
    String id = scene.id();
    assertThat(
            refused(
                scene, "ns-%1$s/n0-%1$s@bond-1, ns-%1$s/n1-%1$s@bond-2, bond@bond".formatted(id)))
        .contains("do not request the openshift.io/r0_" + id);
  }

  private static String refused(BondScene scene, String networks) {
    TestCluster.Output output = cluster.tryApply(scene.podYaml("refused", networks));
    assertThat(output.status()).as(output.text()).isNotZero();
    return output.text();
  }

  private static String annotation(BondScene scene, String pod) {
    return cluster.await(
        "pod " + pod + " -n " + scene.namespace(),
        "{.metadata.annotations.k8s\\.v1\\.cni\\.cncf\\.io/networks}",
        text -> !text.isEmpty());
  }
}
