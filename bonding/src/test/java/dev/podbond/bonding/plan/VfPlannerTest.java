package dev.podbond.bonding.plan;

import static dev.podbond.bonding.fixture.Configurations.sriov;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each step of a VF on its way into a pod and home again, as users read them. The model of the
/// kernel bears more than drivers do, so that a missing step may go unnoticed there.
class VfPlannerTest {
  private static final String OWN = "02:11:00:00:01:10";
  private static final String ASKED = "02:00:00:00:00:07";
  private static final SriovConfig PLAIN = sriov("'vlan':0");
  private static final SriovConfig WITH_MAC = sriov("'vlan':5,'mac':'" + ASKED + "'");

  private static VfFixture vf(LinkFixture link) {
    return VfFixture.of("pf0", 0, "0000:01:10.0", link);
  }

  /// A VF whose PF and driver have these MACs.
  private static VfFixture vf(LinkFixture link, String adminMac, String mac) {
    VfFixture vf = vf(link).adminMac(adminMac);
    link.mac(mac);
    return vf;
  }

  private static NodeFacts facts(VfFixture vf) {
    return new FactsBuilder().vf(vf).facts();
  }

  private static List<String> lines(Plan plan) {
    return plan.steps().stream().map(step -> step.change().toString()).toList();
  }

  private static List<String> attaching(SriovConfig config, VfFixture vf) {
    return lines(VfPlanner.attach(config.device(), config.vf(), LinkRef.pod("net1"), facts(vf)));
  }

  /// What is written about the VF before the first change.
  private static SavedVf saved(SriovConfig config, VfFixture vf) {
    return VfPlanner.prepare(
            new AttachmentKey("c1", "net1"), "/run/netns/pod", JsonObject.of(), config, facts(vf))
        .vfs()
        .getFirst();
  }

  private static List<String> restoring(SavedVf saved, NodeFacts facts) {
    return lines(VfPlanner.restore(saved, facts));
  }

  /// The MAC needs two steps: igbvf takes its PF's over when it goes down.
  @Test
  void comesIntoThePodWithItsSettingsAndAnnouncesItself() {
    assertThat(attaching(WITH_MAC, vf(onHost("ens1f0v0").altName("net1"))))
        .containsExactly(
            "set VLAN 5 on VF 0 (0000:01:10.0) of PF pf0",
            "set ens1f0v0 on the host down",
            "set admin MAC " + ASKED + " on VF 0 (0000:01:10.0) of PF pf0",
            "set ens1f0v0 on the host up",
            "set ens1f0v0 on the host down",
            "remove alternative name net1 from ens1f0v0 on the host",
            "move ens1f0v0 on the host to net1 in the pod",
            "set net/ipv4/conf/net1/arp_notify = 1 in the pod",
            "set net/ipv6/conf/net1/ndisc_notify = 1 in the pod",
            "set MAC " + ASKED + " on net1 in the pod",
            "set net1 in the pod up");
    assertThat(attaching(PLAIN, vf(onHost("ens1f0v0").down())))
        .containsExactly(
            "move ens1f0v0 on the host to net1 in the pod",
            "set net/ipv4/conf/net1/arp_notify = 1 in the pod",
            "set net/ipv6/conf/net1/ndisc_notify = 1 in the pod",
            "set net1 in the pod up");
  }

  /// A driver may refuse another MAC while its link is up.
  @Test
  void isDownWhenItGetsItsOldMacBack() {
    SavedVf saved = saved(PLAIN, vf(onHost("ens1f0v0")));
    assertThat(restoring(saved, facts(vf(inPod("net1"), OWN, "02:00:00:00:00:99"))))
        .containsExactly(
            "set net1 in the pod down",
            "set MAC " + OWN + " on net1 in the pod",
            "move net1 in the pod to ens1f0v0 on the host",
            "set ens1f0v0 on the host up");
  }

  @Test
  void leavesABondOfItsPodBeforeItsMacIsSet() {
    SavedVf saved = saved(PLAIN, vf(onHost("ens1f0v0")));
    assertThat(restoring(saved, facts(vf(inPod("net1").memberOf("mine")))))
        .containsExactly(
            "release net1 in the pod from mine",
            "set MAC " + OWN + " on net1 in the pod",
            "move net1 in the pod to ens1f0v0 on the host",
            "set ens1f0v0 on the host up");
  }

  /// Without trust its PF accepts the old MAC as soon as it holds that one itself.
  @Test
  void takesThePfsOldMacOverAndThenItsOwn() {
    SavedVf saved = saved(WITH_MAC, vf(onHost("ens1f0v0").down()).trust(false));
    assertThat(restoring(saved, facts(vf(inPod("net1"), ASKED, ASKED).trust(false).vlan(5))))
        .containsExactly(
            "set net1 in the pod down",
            "set admin MAC " + OWN + " on VF 0 (0000:01:10.0) of PF pf0",
            "set net1 in the pod up",
            "set net1 in the pod down",
            "set MAC " + OWN + " on net1 in the pod",
            "set VLAN 0 on VF 0 (0000:01:10.0) of PF pf0",
            "move net1 in the pod to ens1f0v0 on the host");
  }

  @Test
  void whatItsPfWouldRefuseIsNotTried() {
    SavedVf lagging = saved(PLAIN, vf(onHost("ens1f0v0"), "02:00:00:00:00:aa", OWN).trust(false));
    assertThat(
            restoring(
                lagging,
                facts(vf(inPod("net1"), "02:00:00:00:00:aa", "02:00:00:00:00:aa").trust(false))))
        .containsExactly(
            "set net1 in the pod down",
            "move net1 in the pod to ens1f0v0 on the host",
            "set ens1f0v0 on the host up");
  }

  /// balance-tlb moved it there without telling the hardware, and the namespace ended.
  @Test
  void isResetOnTheHostIfItsPfHoldsAMacOfTheBond() {
    SavedVf saved = saved(PLAIN, vf(onHost("ens1f0v0")));
    assertThat(restoring(saved, facts(vf(onHost("net1"), "02:00:00:00:00:bb", OWN))))
        .containsExactly(
            "set net1 on the host down",
            "set net1 on the host up",
            "set net1 on the host down",
            "set MAC " + OWN + " on net1 on the host",
            "rename net1 on the host to ens1f0v0",
            "set ens1f0v0 on the host up");
    assertThat(restoring(saved, facts(vf(inPod("net1"), "02:00:00:00:00:bb", OWN))))
        .as("in the pod its bond can still tell the hardware")
        .containsExactly(
            "set net1 in the pod down",
            "move net1 in the pod to ens1f0v0 on the host",
            "set ens1f0v0 on the host up");
  }

  @Test
  void keepsANameOfTheHostIfItsOldOneIsTakenButNotItsNameInThePod() {
    SavedVf saved = saved(PLAIN, vf(onHost("ens1f0v0").down()));
    LinkFixture taker = onHost("ens1f0v0");
    assertThat(
            restoring(saved, new FactsBuilder().vf(vf(onHost("eth7").down())).link(taker).facts()))
        .isEmpty();
    assertThat(
            restoring(saved, new FactsBuilder().vf(vf(onHost("net1").down())).link(taker).facts()))
        .containsExactly("rename net1 on the host to ens1f0v0_1");
  }

  @Test
  void aVfThatTheFactsDoNotKnowIsTheCallersMistake() {
    assertThatThrownBy(() ->
            VfPlanner.attach(
                PLAIN.device(), PLAIN.vf(), LinkRef.pod("net1"), new FactsBuilder().facts()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no facts about a VF 0000:01:10.0");
  }
}
