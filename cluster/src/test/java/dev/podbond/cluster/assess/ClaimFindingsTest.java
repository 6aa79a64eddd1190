package dev.podbond.cluster.assess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.claim.ClaimRules;
import dev.podbond.cluster.claim.ClusterClaims;
import dev.podbond.cluster.claim.DeviceId;
import dev.podbond.cluster.claim.DeviceSlice;
import dev.podbond.cluster.claim.NodeDevices;
import dev.podbond.cluster.claim.Slices;
import dev.podbond.cluster.claim.SriovDriver;
import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ClaimFindingsTest {
  private static final String R0 = "openshift.io/r0";
  private static final String R1 = "openshift.io/r1";
  private static final String PF0 = "0000:01:00.0";
  private static final String PF1 = "0000:02:00.0";

  /// Both members are VFs of one resource, which is that of a pool with two PFs.
  private static final DeviceSlice POOL =
      Slices.slice("n1", Slices.vfs(4, "a", R0, PF0), Slices.vfs(2, "b", R0, PF1));

  @Test
  void onePoolOfTwoPfsIsEnough() {
    Assessment assessment = pooled().withClaims(comparing(POOL)).assess();

    assertThat(assessment.findings()).isEmpty();
    assertThat(assessment.nodes()).containsExactly(new NodeCapacity("n1", 2, 2));
    assertThat(assessment.claim()).isPresent();
    JsonObject status = BondStatus.of(assessment, Optional.empty(), JsonObject.of(), "t");
    assertThat(status.toString())
        .contains(
            "\"allocation\":{\"resourceClaimTemplate\":\""
                + assessment.claim().orElseThrow().name()
                + "\",\"distinct\":\"pf\"}",
            "\"podsLeft\":2");
  }

  @Test
  void noPolicyHasToMakeVfsThatADriverTellsOf() {
    Assessment assessment =
        claimed("")
            .withNetworks("resourceName: elsewhere")
            .withClaims(
                comparing(
                    Slices.slice(
                        "n1",
                        Slices.vfs(1, "a", "openshift.io/elsewhere", PF0),
                        Slices.vfs(1, "b", "openshift.io/elsewhere", PF1))))
            .assess();

    assertThat(assessment.findings()).isEmpty();
  }

  /// Multus compares the two as well.
  @Test
  void theNetworkAttachmentNamesTheDevices() {
    Assessment assessment =
        claimed("")
            .withRendered(
                "demo/a", "metadata: {annotations: {k8s.v1.cni.cncf.io/resourceName: other/name}}")
            .withClaims(comparing(POOL))
            .assess();

    assertThat(assessment.claim().orElseThrow().manifest().toString())
        .contains("== \\\"other/name\\\"", "== \\\"openshift.io/r1\\\"");
  }

  @Test
  void whereItIsNotEnabledPodsAreRefused() {
    Assessment assessment = pooled().assess();

    assertThat(assessment.findings().getFirst().reason()).isEqualTo(Reason.DRA_NOT_ENABLED);
    assertThat(assessment.findings().getFirst().message()).contains("dra.enabled: true");
    assertThat(assessment.claim()).isEmpty();
  }

  @Test
  void onePoolIsRefusedWhereTheSchedulerComparesNothing() {
    Assessment assessment = pooled().withClaims(notComparing(POOL)).assess();

    assertThat(reasons(assessment)).containsExactly(Reason.DISTINCT_UNAVAILABLE);
    assertThat(assessment.findings().getFirst().message())
        .contains("openshift.io/r0", "Kubernetes 1.36", "one resource for each PF");
    assertThat(assessment.claim()).isEmpty();
  }

  @Test
  void cardsAreRefusedWhereTheSchedulerComparesNothing() {
    Assessment assessment = claimed("distinct: card").withClaims(notComparing(POOL)).assess();

    assertThat(reasons(assessment)).containsExactly(Reason.DISTINCT_UNAVAILABLE);
    assertThat(assessment.findings().getFirst().message())
        .startsWith("the members are to be of different cards (spec.distinct)");
  }

  @Test
  void twoPoolsServeWhereTheSchedulerComparesNothingAndTheStatusSaysSo() {
    Assessment assessment =
        claimed("")
            .withClaims(
                notComparing(
                    Slices.slice("n1", Slices.vfs(4, "a", R0, PF0), Slices.vfs(2, "b", R1, PF1))))
            .assess();

    assertThat(assessment.findings()).isEmpty();
    assertThat(assessment.nodes()).containsExactly(new NodeCapacity("n1", 2, 2));
    assertThat(BondStatus.of(assessment, Optional.empty(), JsonObject.of(), "t").toString())
        .contains("\"distinct\":\"resource\"", "rests on their resources");
  }

  @Test
  void twoPoolsThatShareAPfServeNoBondWhereTheSchedulerComparesNothing() {
    DeviceSlice shared =
        Slices.slice("n1", Slices.vfs(4, "a", R0, PF0), Slices.vfs(2, "b", R1, PF0));
    DeviceSlice apart =
        Slices.slice("n2", Slices.vfs(4, "a", R0, PF0), Slices.vfs(2, "b", R1, PF1));

    assertThat(reasons(claimed("").withClaims(notComparing(shared)).assess()))
        .containsExactly(Reason.SAME_PF);
    assertThat(reasons(claimed("").withClaims(notComparing(shared, apart)).assess()))
        .containsExactly(Reason.NODE_UNUSABLE);
    assertThat(reasons(claimed("").withClaims(comparing(shared, apart)).assess())).isEmpty();
  }

  @Test
  void anothersTemplateOfTheNameIsNotTaken() {
    String path = pooled().withClaims(comparing(POOL)).assess().claim().orElseThrow().path();
    Assessment assessment =
        pooled()
            .withClaims(
                new ClusterClaims.Enabled(
                    new ClaimRules(SriovDriver.NAME, true),
                    Map.of(path, JsonObject.of()),
                    Slices.nodes(POOL)))
            .assess();

    assertThat(reasons(assessment)).containsExactly(Reason.NAME_TAKEN);
    assertThat(assessment.claim()).isEmpty();
  }

  @Test
  void withoutSlicesPodsMayWait() {
    Assessment assessment = pooled().withClaims(comparing()).assess();

    assertThat(reasons(assessment)).containsExactly(Reason.NO_DEVICES);
    assertThat(assessment.findings(Reason.Effect.REFUSES_PODS)).isEmpty();
    assertThat(assessment.claim()).isPresent();
  }

  /// It looks the same while the driver restarts.
  @Test
  void withoutANodeThatHasWhatIsAskedForPodsMayWait() {
    DeviceSlice onePf = Slices.slice("n1", Slices.vfs(8, "a", R0, PF0));

    Assessment pf = pooled().withClaims(comparing(onePf)).assess();
    Assessment card = pooled().withBond("distinct: card").withClaims(comparing(POOL)).assess();
    Assessment numa =
        pooled()
            .withBond("sameNumaNode: true")
            .withClaims(
                comparing(
                    Slices.slice(
                        "n1",
                        Slices.vf("a", R0, PF0, "pci0000:00", 0),
                        Slices.vf("b", R0, PF1, "pci0000:40", 1))))
            .assess();

    assertThat(reasons(pf)).containsExactly(Reason.NO_DEVICES);
    assertThat(pf.findings().getFirst().message())
        .isEqualTo(
            "none of the 1 nodes with ResourceSlices of sriovnetwork.k8snetworkplumbingwg.io has 2"
                + " VFs of openshift.io/r0, each of another PF; does the driver run on the others,"
                + " and do the attributes k8s.cni.cncf.io/resourceName and"
                + " sriovnetwork.k8snetworkplumbingwg.io/pfPciAddress of the devices say so?");
    assertThat(pf.findings(Reason.Effect.REFUSES_PODS)).isEmpty();
    assertThat(pf.claim()).isPresent();
    assertThat(reasons(card)).containsExactly(Reason.NO_DEVICES);
    assertThat(card.findings().getFirst().message()).contains("each below another PCIe root");
    assertThat(reasons(numa)).containsExactly(Reason.NO_DEVICES);
    assertThat(numa.findings().getFirst().message()).contains("all of one NUMA node");
  }

  /// Its other node cannot serve the bond.
  @Test
  void whileTheDriverOfTheOnlyNodeThatServesRestartsPodsMayWait() {
    DeviceSlice onePf = Slices.slice("n2", Slices.vfs(8, "a", R0, PF0));

    assertThat(pooled().withClaims(comparing(POOL, onePf)).assess().findings()).isEmpty();
    assertThat(pooled().withClaims(comparing(onePf)).assess().findings(Reason.Effect.REFUSES_PODS))
        .isEmpty();
  }

  @Test
  void whatClaimsHaveIsNotLeft() {
    Set<DeviceId> claimed = Set.of(new DeviceId("pool-n1", "b0"), new DeviceId("pool-n1", "b1"));
    Assessment assessment =
        pooled()
            .withClaims(
                new ClusterClaims.Enabled(
                    new ClaimRules(SriovDriver.NAME, true),
                    Map.of(),
                    NodeDevices.of(List.of(POOL), claimed)))
            .assess();

    assertThat(reasons(assessment)).containsExactly(Reason.NO_CAPACITY);
    assertThat(assessment.nodes()).containsExactly(new NodeCapacity("n1", 2, 0));
  }

  private static Scene claimed(String more) {
    return Scene.sound().withBond("allocation: dra" + (more.isEmpty() ? "" : ", " + more));
  }

  private static Scene pooled() {
    return claimed("").withNetworks("resourceName: r0");
  }

  private static ClusterClaims comparing(DeviceSlice... slices) {
    return claims(true, slices);
  }

  private static ClusterClaims notComparing(DeviceSlice... slices) {
    return claims(false, slices);
  }

  private static ClusterClaims claims(boolean compares, DeviceSlice... slices) {
    return new ClusterClaims.Enabled(
        new ClaimRules(SriovDriver.NAME, compares), Map.of(), Slices.nodes(slices));
  }

  private static Set<Reason> reasons(Assessment assessment) {
    return assessment.findings().stream().map(Finding::reason).collect(Collectors.toSet());
  }
}
