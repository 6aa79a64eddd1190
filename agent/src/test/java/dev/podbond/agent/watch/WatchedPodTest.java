package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.BondProblem;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.state.LinkMonitoring;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.metrics.BondReading;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is remembered of a pod's bonds from look to look.
final class WatchedPodTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final PciAddress PF = PciAddress.parse("0000:01:00.0").orElseThrow();

  private static WatchedRecord record(String ifname) {
    return new WatchedRecord(
        new AttachmentKey("c1", ifname),
        "storage",
        "/run/netns/c1",
        NetnsId.UNKNOWN,
        Phase.COMPLETE,
        "demo/web",
        Optional.of("6f1c2d9e-0000-4000-8000-000000000001"),
        Optional.of("bond0"),
        List.of(vf("net1", "0000:01:10.0"), vf("net2", "0000:02:10.0")),
        "bond0",
        List.of(),
        Set.of());
  }

  private static ConfiguredMember vf(String name, String pci) {
    return new ConfiguredMember(
        name,
        PciAddress.parse(pci),
        Optional.of(new Pf("ens1f0", Optional.of(PF))),
        Optional.of("igbvf"));
  }

  private static BondState bond(String active, boolean net1) {
    return new BondState(
        "bond0",
        BondMode.ACTIVE_BACKUP,
        LinkMonitoring.MIIMON,
        Optional.of(active),
        true,
        List.of(
            new MemberState("net1", net1, net1, active.equals("net1"), 0),
            new MemberState("net2", true, true, active.equals("net2"), 0)),
        Optional.empty(),
        List.of());
  }

  private static WatchedPod seen(WatchedPod before, Instant at, BondState... bonds) {
    return new WatchedPod(
            before.records(), bonds.length == 0 ? Map.of() : Map.of("bond0", bonds[0]))
        .remembering(before, at, _ -> Optional.of(false));
  }

  private static WatchedPod well() {
    return seen(WatchedPod.of(List.of(record("bond"))), START, bond("net1", true));
  }

  private static JsonObject json(WatchedPod pod) {
    assertThat(pod.toJson(Map.of())).hasSize(1);
    return pod.toJson(Map.of()).getFirst();
  }

  @Test
  void aFailoverIsToldWithTimeAndCause() {
    WatchedPod before = well();
    Instant later = START.plusSeconds(60);
    WatchedPod after = seen(before, later, bond("net2", false));

    assertThat(json(before).toString()).contains("\"since\":\"2026-01-02T03:04:05Z\"");
    assertThat(LenientObject.objects(json(before), "transitions")).isEmpty();
    assertThat(json(after).toString())
        .contains(
            "\"podUID\":\"6f1c2d9e-0000-4000-8000-000000000001\"",
            "\"network\":\"storage\"",
            "\"pf\":\"ens1f0\",\"pfPci\":\"0000:01:00.0\",\"driver\":\"igbvf\"",
            "\"since\":\"2026-01-02T03:05:05Z\"",
            "\"transitions\":[{\"at\":\"2026-01-02T03:05:05Z\","
                + "\"change\":\"active member net1 -> net2, member net1 down\","
                + "\"cause\":\"PF ens1f0 (0000:01:00.0) has no carrier\"}]");
    assertThat(after.changesSince(before))
        .containsExactly(
            "bond bond0 of demo/web: active member net1 -> net2, member net1 down;"
                + " PF ens1f0 (0000:01:00.0) has no carrier");
    assertThat(after.histories().values()).extracting(BondHistory::activeChanges).containsOnly(1L);
  }

  /// As while the uplink of its PF is bad: a repair would put it back at once.
  @Test
  void aMemberThatIsHeldOutsideIsToldAndNotMissing() {
    BondState outside =
        new BondState(
            "bond0",
            BondMode.BALANCE_XOR,
            LinkMonitoring.MIIMON,
            Optional.empty(),
            true,
            List.of(new MemberState("net2", true, true, true, 0)),
            Optional.empty(),
            List.of());
    WatchedPod lacking = new WatchedPod(List.of(record("bond")), Map.of("bond0", outside));
    BondProblem.HeldBack held =
        new BondProblem.HeldBack(
            "net1",
            new Pf("ens1f0", Optional.of(PF)),
            "lacp: no partner",
            BondProblem.HeldBack.Where.OUTSIDE);
    WatchedPod holding =
        lacking
            .holding(_ -> List.of(held))
            .remembering(well(), START.plusSeconds(5), _ -> Optional.of(true));
    assertThat(lacking.incomplete()).hasSize(1);
    assertThat(holding.incomplete()).isEmpty();
    assertThat(holding.changesSince(well()))
        .singleElement()
        .asString()
        .contains(
            "member net1 left",
            "member net1 is held back: the uplink of PF ens1f0 (0000:01:00.0) is bad, lacp: no");
    assertThat(holding.bonds())
        .singleElement()
        .satisfies(bond -> assertThat(bond).hasToString("bond bond0 of demo/web"));
  }

  @Test
  void aLookThatFindsNothingNewChangesNoTime() {
    WatchedPod before = well();
    WatchedPod after = seen(before, START.plusSeconds(60), bond("net1", true));
    assertThat(json(after)).isEqualTo(json(before));
    assertThat(after.changesSince(before)).isEmpty();
  }

  @Test
  void ofABondThatFlapsTheLastChangesAreKept() {
    WatchedPod pod = well();
    for (int i = 1; i <= 40; i++) {
      pod = seen(pod, START.plusSeconds(i), bond(i % 2 == 0 ? "net1" : "net2", i % 2 == 0));
    }
    BondHistory history = pod.histories().values().iterator().next();
    assertThat(history.activeChanges()).isEqualTo(40);
    assertThat(history.transitions()).hasSize(16);
    assertThat(history.transitions().getFirst().at()).isEqualTo(START.plusSeconds(25));
    assertThat(history.since()).isEqualTo(START.plusSeconds(40));
  }

  /// The record says that it has to be there.
  @Test
  void aBondThatIsGoneIsDownAndNotForgotten() {
    WatchedPod before = well();
    WatchedPod gone = seen(before, START.plusSeconds(1));
    WatchedPod still = seen(gone, START.plusSeconds(2));
    WatchedPod back = seen(still, START.plusSeconds(3), bond("net1", true));

    assertThat(gone.changesSince(before)).containsExactly("bond bond0 of demo/web is gone");
    assertThat(json(gone).toString())
        .contains(
            "\"health\":\"Down\"", "0 of 2 members are in the bond, without net1, net2", "missing");
    assertThat(json(still)).isEqualTo(json(gone));
    assertThat(gone.incomplete()).as("nobody makes it anew").isEmpty();
    assertThat(back.changesSince(still)).singleElement().asString().contains("net1 up");
    assertThat(json(back).toString()).contains("\"health\":\"Healthy\"");
  }

  @Test
  void anAttachmentThatEndsIsForgotten() {
    WatchedPod pod = well();
    assertThat(pod.with(List.of(record("bond"))).histories()).hasSize(1);
    WatchedPod other = pod.with(List.of(record("other")));
    assertThat(other.histories()).isEmpty();
    assertThat(other.toJson(Map.of())).isEmpty();
  }

  /// A process in the pod may put thousands of links into the bond.
  @Test
  void aChangeIsToldInAFewWords() {
    List<MemberState> many = new ArrayList<>(bond("net1", true).members());
    for (int i = 0; i < 5_000; i++) {
      many.add(new MemberState("dummy" + i, true, true, false, 0));
    }
    BondState crowded =
        new BondState(
            "bond0",
            BondMode.ACTIVE_BACKUP,
            LinkMonitoring.MIIMON,
            Optional.of("net1"),
            true,
            many,
            Optional.empty(),
            List.of());
    WatchedPod pod = seen(well(), START.plusSeconds(1), crowded);
    assertThat(pod.histories().values().iterator().next().latest().orElseThrow().change())
        .startsWith("member dummy0 up, member dummy1 up")
        .hasSize(256)
        .endsWith("...");
  }

  @Test
  void metricsShowABondAsItsHistoryKnowsIt() {
    WatchedPod pod = seen(well(), START.plusSeconds(60), bond("net2", false));
    BondReading reading = pod.readings(Map.of(), Map.of()).findFirst().orElseThrow();
    assertThat(reading)
        .isEqualTo(
            new BondReading(
                "demo",
                "web",
                "storage",
                bond("net2", false),
                record("bond").members(),
                1,
                START.plusSeconds(60).toEpochMilli(),
                Map.of()));
    assertThat(seen(pod, START.plusSeconds(61)).readings(Map.of(), Map.of()))
        .as("a bond that is gone")
        .singleElement()
        .satisfies(gone -> assertThat(gone.state().carrier()).isFalse());
    assertThat(WatchedPod.of(List.of(record("bond"))).readings(Map.of(), Map.of()))
        .as("not seen yet")
        .isEmpty();
  }

  @Test
  void outsideKubernetesAPodIsItsContainer() {
    WatchedRecord in = record("bond");
    WatchedRecord outside =
        new WatchedRecord(
            in.key(),
            in.network(),
            in.netns(),
            in.netnsId(),
            in.phase(),
            "c1",
            Optional.empty(),
            in.bond(),
            in.members(),
            in.addressed(),
            in.addresses(),
            in.vfs());
    BondReading reading =
        seen(WatchedPod.of(List.of(outside)), START, bond("net1", true))
            .readings(Map.of(), Map.of())
            .findFirst()
            .orElseThrow();
    assertThat(reading.namespace()).isEmpty();
    assertThat(reading.pod()).isEqualTo("c1");
    assertThat(json(seen(WatchedPod.of(List.of(outside)), START, bond("net1", true))).toString())
        .doesNotContain("podUID");
  }
}
