package dev.podbond.cli.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cli.diagnose.SeenAttachment.Namespace;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.sysfs.Uplink;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DiagnosisTest {
  private static final String POD = "demo/web";
  private static final AttachmentKey KEY = new AttachmentKey("c-demo/web", "net3");
  private static final PciAddress VF = PciAddress.parse("0000:3b:02.1").orElseThrow();
  private static final KnownPf LEFT = new KnownPf("ens1f0", "0000:3b:00.0");
  private static final KnownPf RIGHT = new KnownPf("ens2f0", "0000:5e:00.0");
  private static final ClaimOwner OWNER = new ClaimOwner("c-demo/web", "net3", "/run/netns/web");

  private static JsonObject bond(Health health, String first) {
    return SomeBonds.said(
        POD,
        "active-backup",
        "net2",
        health,
        "net1 " + first + " ens1f0 0000:3b:00.0",
        "net2 up ens2f0 0000:5e:00.0");
  }

  private static final JsonObject HEALTHY = bond(Health.HEALTHY, "up");
  private static final JsonObject CUT =
      SomeBonds.with(
          bond(Health.DEGRADED, "down")
              .with("problems", JsonArray.ofStrings(List.of("member net1 has no link"))),
          "2026-01-02T03:04:05Z|member net1 down|PF ens1f0 (0000:3b:00.0) has no carrier");

  private static SeenVf vf(Optional<ClaimOwner> owner, Optional<VfDevice> device) {
    return new SeenVf(VF, "ens1f0", true, Seen.known(owner), Seen.known(device));
  }

  private static Optional<VfDevice> device(String driver, String hostName) {
    return Optional.of(
        new VfDevice(
            new VfRef("ens1f0", 0, VF),
            new Uplink(PciAddress.parse("0000:3b:00.0").orElseThrow(), "ens1f0", 7),
            Optional.of(driver).filter(text -> !text.isEmpty()),
            Optional.of(hostName).filter(text -> !text.isEmpty())));
  }

  private static final SeenVf GOOD_VF = vf(Optional.of(OWNER), device("iavf", ""));

  private static SeenAttachment attachment(
      Phase phase, Namespace namespace, Seen<SeenPod> kernel, SeenVf... vfs) {
    return new SeenAttachment(
        KEY,
        Optional.of(POD),
        "storage",
        phase,
        "/run/netns/web",
        namespace,
        Optional.of("bond0"),
        Optional.empty(),
        kernel,
        List.of(vfs));
  }

  private static Seen<SeenPod> inPod(Optional<KnownBond> bond) {
    return Seen.known(new SeenPod(bond, Optional.empty()));
  }

  /// One that is a single VF.
  private static SeenAttachment single(Seen<SeenPod> kernel) {
    return new SeenAttachment(
        new AttachmentKey("c1", "net1"),
        Optional.empty(),
        "blue",
        Phase.COMPLETE,
        "/run/netns/web",
        Namespace.THERE,
        Optional.empty(),
        Optional.of("net1"),
        kernel,
        List.of());
  }

  private static SeenAttachment single(PodLink link) {
    return single(Seen.known(new SeenPod(Optional.empty(), Optional.of(link))));
  }

  private static SeenAttachment attachment(JsonObject kernel, SeenVf... vfs) {
    return attachment(
        Phase.COMPLETE, Namespace.THERE, inPod(Optional.of(KnownBond.of(kernel))), vfs);
  }

  private static NodeSight sight(JsonObject answer, SeenAttachment... attachments) {
    return sight(answering(answer), attachments);
  }

  private static SeenAgent answering(JsonObject answer) {
    return new SeenAgent.Answering(KnownBonds.of(answer));
  }

  private static NodeSight sight(SeenAgent agent, SeenAttachment... attachments) {
    return new NodeSight(
        agent,
        Seen.known(List.of(attachments)),
        List.of(),
        List.of(),
        Seen.known(List.of()),
        Map.of(LEFT, true, RIGHT, true));
  }

  private static String text(NodeSight sight) {
    Diagnosis diagnosis = Diagnosis.of(POD, sight);
    return String.join(
        "\n",
        Stream.concat(
                diagnosis.lines().stream().map(Diagnosis.Line::toString),
                Stream.of(diagnosis.summary()))
            .toList());
  }

  @Test
  void wherePodAndNodeAreInOrderEveryPlaceIsNamed() {
    assertThat(text(sight(SomeBonds.answer(HEALTHY), attachment(HEALTHY, GOOD_VF))))
        .isEqualTo(
            """
            ok       the agent of this node answers
            ok       attachment net3 of network storage (pod demo/web, container c-demo/web) is made
            ok       its network namespace /run/netns/web is there
            ok       VF 0000:3b:02.1 of PF ens1f0 is claimed for it
            ok       bond bond0 is Healthy with 2 of 2 members up, since 2026-01-02T03:04:05Z
            ok       PF ens1f0 (0000:3b:00.0) has a carrier
            ok       member net1 (0000:3b:02.1) is up
            ok       PF ens2f0 (0000:5e:00.0) has a carrier
            ok       member net2 (0000:3b:02.2) is up
            ok       the kernel says the same of bond bond0
            0 failed, 0 unknown\
            """);
  }

  @Test
  void aCutCableIsFoundAtThePf() {
    NodeSight cut =
        new NodeSight(
            answering(SomeBonds.answer(CUT)),
            Seen.known(List.of(attachment(CUT))),
            List.of(),
            List.of(),
            Seen.known(List.of()),
            Map.of(LEFT, false, RIGHT, true));
    assertThat(text(cut))
        .endsWith(
            """
            failed   bond bond0 is Degraded with 1 of 2 members up, since 2026-01-02T03:04:05Z: PF ens1f0 (0000:3b:00.0) has no carrier
            failed   PF ens1f0 (0000:3b:00.0) has no carrier: look at its cable and the port of its switch
            ok       PF ens2f0 (0000:5e:00.0) has a carrier
            ok       member net2 (0000:3b:02.2) is up
            failed   member net1 has no link
            ok       the kernel says the same of bond bond0
            3 failed, 0 unknown\
            """);
  }

  @Test
  void aSilentAgentIsToldFirstAndTheKernelInItsPlace() {
    NodeSight silent =
        new NodeSight(
            new SeenAgent.Silent("no agent answers on /run/podbond/agent.sock"),
            Seen.known(List.of(attachment(HEALTHY.without("since"), GOOD_VF))),
            List.of(),
            List.of(),
            Seen.known(List.of(new WaitingDeletion(KEY, "bond"))),
            Map.of());
    assertThat(text(silent))
        .startsWith("failed   no agent answers on /run/podbond/agent.sock; pods with bonds may")
        .contains(
            "failed   its deletion by the plugin bond waits for the agent: it is carried out once",
            "ok       bond bond0 is Healthy with 2 of 2 members up\n")
        .endsWith("2 failed, 0 unknown");
  }

  @Test
  void whatTheAgentMissedIsHeldAgainstTheKernel() {
    assertThat(text(sight(SomeBonds.answer(HEALTHY), attachment(CUT))))
        .contains(
            "warning  the kernel says that bond bond0 is Degraded with 1 of 2 members up: it has");
    SeenAttachment gone = attachment(Phase.COMPLETE, Namespace.THERE, inPod(Optional.empty()));
    assertThat(text(sight(SomeBonds.answer(HEALTHY), gone)))
        .contains("failed   the kernel has no bond bond0 in the pod");
    assertThat(text(sight(SomeBonds.answer(), attachment(HEALTHY))))
        .contains("failed   the agent does not tell of bond bond0: it looks again");
    assertThat(text(sight(SomeBonds.starting(), attachment(HEALTHY))))
        .contains(
            "warning  the agent has just started",
            "unknown  the agent does not tell of bond bond0 yet");
    SeenAttachment unread = attachment(Phase.COMPLETE, Namespace.THERE, Seen.hidden("not root"));
    assertThat(text(sight(SomeBonds.answer(HEALTHY), unread)))
        .contains("unknown  the kernel could not be asked for bond bond0: not root; ask as root");
  }

  /// VFs and bond would be wrong with each of them, and none of that is to be mended.
  private static SeenAttachment part(Phase phase, Namespace namespace) {
    return attachment(
        phase,
        namespace,
        inPod(Optional.empty()),
        vf(Optional.empty(), device("", "ens1f0v0")),
        vf(Optional.empty(), Optional.empty()));
  }

  @Test
  void ofAnAttachmentThatIsHalfMadeNothingIsMissing() {
    assertThat(text(sight(SomeBonds.answer(), part(Phase.PREPARED, Namespace.THERE))))
        .isEqualTo(
            """
            ok       the agent of this node answers
            failed   attachment net3 of network storage (pod demo/web, container c-demo/web) is half made: its ADD is under way, or was interrupted and the agent takes it back; if it stays so, the agent's log says why
            ok       its network namespace /run/netns/web is there
            1 failed, 0 unknown\
            """);
  }

  @Test
  void ofAnAttachmentThatIsHalfRemovedNothingIsMissing() {
    assertThat(text(sight(SomeBonds.answer(), part(Phase.REMOVING, Namespace.THERE))))
        .isEqualTo(
            """
            ok       the agent of this node answers
            failed   attachment net3 of network storage (pod demo/web, container c-demo/web) is half removed: the agent goes on with that, and its log says what is left
            ok       its network namespace /run/netns/web is there
            1 failed, 0 unknown\
            """);
  }

  @Test
  void ofAPodThatHasEndedNothingIsMissing() {
    assertThat(text(sight(SomeBonds.answer(CUT), part(Phase.COMPLETE, Namespace.GONE))))
        .isEqualTo(
            """
            ok       the agent of this node answers
            ok       attachment net3 of network storage (pod demo/web, container c-demo/web) is made
            failed   its network namespace /run/netns/web is gone: the pod has ended, and the agent gives back what it had; if it stays so, the agent's log says why
            1 failed, 0 unknown\
            """);
  }

  @Test
  void whereTheNamespaceCannotBeSeenClaimsAndTheAgentsWordAreJudged() {
    SeenAttachment unseen =
        attachment(
            Phase.COMPLETE, Namespace.UNSEEN, Seen.hidden("its namespace is not there"), GOOD_VF);
    assertThat(text(sight(SomeBonds.answer(HEALTHY), unseen)))
        .contains(
            "unknown  its network namespace /run/netns/web cannot be seen from here",
            "ok       VF 0000:3b:02.1 of PF ens1f0 is claimed for it",
            "ok       bond bond0 is Healthy")
        .doesNotContain("the kernel")
        .endsWith("0 failed, 1 unknown");
  }

  @Test
  void aSingleVfOrAVlanIsLookedForInThePod() {
    assertThat(text(sight(SomeBonds.answer(), single(new PodLink(true, true)))))
        .isEqualTo(
            """
            ok       the agent of this node answers
            ok       attachment net1 of network blue (container c1) is made
            ok       its network namespace /run/netns/web is there
            ok       interface net1 is up in the pod
            0 failed, 0 unknown\
            """);
    assertThat(text(sight(SomeBonds.answer(), single(new PodLink(false, true)))))
        .contains("failed   interface net1 is set down in the pod: ", "(ip link set net1 up)");
    assertThat(text(sight(SomeBonds.answer(), single(new PodLink(true, false)))))
        .contains("failed   interface net1 has no carrier: look at what is below it");
    SeenAttachment gone = single(inPod(Optional.empty()));
    assertThat(text(sight(SomeBonds.answer(), gone)))
        .contains("failed   the kernel has no interface net1 in the pod: somebody there deleted");
    assertThat(text(sight(SomeBonds.answer(), single(Seen.hidden("not root")))))
        .contains(
            "unknown  the kernel could not be asked for interface net1: not root; ask as root");
  }

  @Test
  void whoMayNotAskTheAgentDoesNotHearThatItFailed() {
    NodeSight strange =
        new NodeSight(
            new SeenAgent.Unasked("the agent cannot be asked; ask as root"),
            Seen.known(List.of()),
            List.of(),
            List.of("cannot read the record c1; ask as root"),
            Seen.known(List.of()),
            Map.of());
    assertThat(text(strange))
        .isEqualTo(
            """
            unknown  the agent cannot be asked; ask as root
            warning  cannot read the record c1; ask as root
            unknown  there is no record of a pod "demo/web" among those that could be read
            0 failed, 2 unknown\
            """);
    NodeSight waiting =
        new NodeSight(
            new SeenAgent.Unasked("the agent cannot be asked; ask as root"),
            Seen.known(List.of(attachment(HEALTHY, GOOD_VF))),
            List.of(),
            List.of(),
            Seen.known(List.of(new WaitingDeletion(KEY, "bond"))),
            Map.of());
    assertThat(text(waiting))
        .contains("failed   its deletion by the plugin bond waits for the agent\n");
  }

  @Test
  void eachWayInWhichAVfIsNotThePodsIsSaidWithWhatToDo() {
    SeenAttachment wrong =
        attachment(
            HEALTHY,
            vf(Optional.empty(), Optional.empty()),
            vf(
                Optional.of(new ClaimOwner("other", "net1", "/run/netns/other")),
                device("iavf", "ens1f0v0")),
            vf(Optional.of(OWNER), device("", "")),
            new SeenVf(VF, "ens1f0", false, Seen.hidden("no claim"), Seen.known(device("", ""))));
    assertThat(text(sight(SomeBonds.answer(HEALTHY), wrong)))
        .contains(
            "failed   nothing claims VF 0000:3b:02.1 of PF ens1f0: another pod may have it or get"
                + " it",
            "failed   VF 0000:3b:02.1 of PF ens1f0 is no VF of this node any more",
            "is claimed for interface net1 of container other (netns /run/netns/other): another",
            "failed   VF 0000:3b:02.1 of PF ens1f0 is on the host, as ens1f0v0, and not in the pod",
            "has no driver: have the kernel bind one (echo 0000:3b:02.1 >"
                + " /sys/bus/pci/drivers_probe)",
            "unknown  no claim")
        .endsWith("5 failed, 1 unknown");
  }

  @Test
  void aMemberThatIsMissingOrDownWithoutAReasonIsNamed() {
    JsonObject bond =
        SomeBonds.said(POD, "802.3ad", "", Health.DEGRADED, "net1 missing", "net2 down", "net3 up")
            .with("problems", JsonArray.of());
    assertThat(text(sight(SomeBonds.answer(bond), attachment(bond))))
        .contains(
            "failed   member net1 (0000:3b:02.1) is missing: it left the bond, and the agent",
            "failed   member net2 (0000:3b:02.2) is down\n",
            "ok       member net3 (0000:3b:02.3) is up");
  }

  @Test
  void whatCannotBeReadIsUnknownAndWhatTheAgentTellsOfThePodIsJudgedAllTheSame() {
    NodeSight unreadable =
        new NodeSight(
            answering(SomeBonds.answer(CUT)),
            Seen.hidden("cannot list the records; ask as root"),
            List.of(),
            List.of(),
            Seen.hidden("the deletions cannot be read"),
            Map.of());
    assertThat(text(unreadable))
        .contains(
            "unknown  cannot list the records; ask as root",
            "failed   bond bond0 is Degraded",
            "unknown  the deletions cannot be read")
        .endsWith("2 failed, 2 unknown");
  }

  @Test
  void aPodWithoutARecordAndWhatWaitsOfOthersAreNamed() {
    NodeSight none =
        new NodeSight(
            answering(SomeBonds.answer()),
            Seen.known(List.of()),
            Stream.generate(() -> "damaged").limit(500).toList(),
            List.of(),
            Seen.known(List.of(new WaitingDeletion(KEY, "bond"))),
            Map.of());
    assertThat(text(none))
        .contains(
            "warning  and 490 more like these",
            "failed   there is no record of a pod \"demo/web\"",
            "warning  deletions of other attachments that wait for the agent: 1; their VFs");
  }
}
