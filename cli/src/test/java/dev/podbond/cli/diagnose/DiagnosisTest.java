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
      Phase phase, Namespace namespace, Seen<Optional<KnownBond>> kernel, SeenVf... vfs) {
    return new SeenAttachment(
        KEY,
        "storage",
        phase,
        "/run/netns/web",
        namespace,
        Optional.of("bond0"),
        kernel,
        List.of(vfs));
  }

  private static SeenAttachment attachment(JsonObject kernel, SeenVf... vfs) {
    return attachment(
        Phase.COMPLETE, Namespace.THERE, Seen.known(Optional.of(KnownBond.of(kernel))), vfs);
  }

  private static NodeSight sight(JsonObject answer, SeenAttachment... attachments) {
    return sight(Seen.known(KnownBonds.of(answer)), attachments);
  }

  private static NodeSight sight(Seen<KnownBonds> agent, SeenAttachment... attachments) {
    return new NodeSight(
        agent,
        Seen.known(List.of(attachments)),
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
            ok       attachment net3 of network storage is made
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
            Seen.known(KnownBonds.of(SomeBonds.answer(CUT))),
            Seen.known(List.of(attachment(CUT))),
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
            Seen.hidden("no agent answers on /run/podbond/agent.sock"),
            Seen.known(List.of(attachment(HEALTHY.without("since"), GOOD_VF))),
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
    SeenAttachment gone = attachment(Phase.COMPLETE, Namespace.THERE, Seen.known(Optional.empty()));
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

  @Test
  void anAttachmentThatIsHalfMadeOrRemovedOrWhosePodHasEndedIsSaidToBeSo() {
    Seen<Optional<KnownBond>> nothing = Seen.hidden("its namespace is not there");
    assertThat(
            text(sight(SomeBonds.answer(), attachment(Phase.PREPARED, Namespace.UNSEEN, nothing))))
        .contains(
            "failed   attachment net3 of network storage is half made: its ADD",
            "unknown  its network namespace /run/netns/web cannot be seen from here");
    assertThat(text(sight(SomeBonds.answer(), attachment(Phase.REMOVING, Namespace.GONE, nothing))))
        .contains(
            "failed   attachment net3 of network storage is half removed",
            "failed   its network namespace /run/netns/web is gone: the pod has ended")
        .doesNotContain("the kernel");
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
            Seen.known(KnownBonds.of(SomeBonds.answer(CUT))),
            Seen.hidden("cannot list the records; ask as root"),
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
            Seen.known(KnownBonds.of(SomeBonds.answer())),
            Seen.known(List.of()),
            Stream.generate(() -> "damaged").limit(500).toList(),
            Seen.known(List.of(new WaitingDeletion(KEY, "bond"))),
            Map.of());
    assertThat(text(none))
        .contains(
            "warning  and 490 more like these",
            "failed   there is no record of a pod \"demo/web\"",
            "warning  deletions of other attachments that wait for the agent: 1; their VFs");
  }
}
