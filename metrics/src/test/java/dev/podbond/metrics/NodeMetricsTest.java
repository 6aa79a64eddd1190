package dev.podbond.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.lldp.Neighbour;
import dev.podbond.bonding.lldp.StationId;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.bonding.state.BondProblem;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.state.LinkMonitoring;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.value.LinkTraffic;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What a node's bonds, calls and process look like as metrics.
final class NodeMetricsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/node.prom");
  private static final int USUAL = 1 << 20;

  private static ConfiguredMember vf(String name, String pci, String pf) {
    return new ConfiguredMember(
        name,
        PciAddress.parse(pci),
        Optional.of(new Pf(pf, PciAddress.parse(pci.substring(0, 8) + "00.0"))),
        Optional.of("iavf"));
  }

  private static ConfiguredMember placed(ConfiguredMember member) {
    return member.at(member.pf().flatMap(Pf::pci).map(PfPlace::at));
  }

  private static MemberState nic(
      String name, String pci, boolean up, boolean active, int failures) {
    return new MemberState(name, up, up, active, failures, PciAddress.parse(pci));
  }

  private static final LinkTraffic TRAFFIC =
      new LinkTraffic(
          new LinkTraffic.Count(1_000_000_000_000L, 2, 3, 4), new LinkTraffic.Count(5, 6, 7, 8));

  /// One member has left it, and a process in the pod has put another link in its place.
  private static BondReading backup() {
    return new BondReading(
        "demo",
        "web",
        "storage",
        new BondState(
            "bond0",
            BondMode.ACTIVE_BACKUP,
            LinkMonitoring.MIIMON,
            Optional.of("net1"),
            true,
            List.of(
                nic("net1", "0000:01:10.0", true, true, 3),
                new MemberState("dummy0", true, true, false, 0)),
            Optional.empty(),
            List.of()),
        List.of(
            placed(vf("net1", "0000:01:10.0", "ens1f0")),
            placed(vf("net2", "0000:02:10.0", "ens2f0"))),
        1,
        1_700_000_000_123L,
        Map.of("net1", TRAFFIC, "dummy0", TRAFFIC));
  }

  private static BondReading lacp(long changedMillis) {
    return new BondReading(
        "",
        "0f3c",
        "lacp",
        new BondState(
            "b\"1",
            BondMode.LACP,
            LinkMonitoring.ARP,
            Optional.empty(),
            true,
            List.of(
                nic("a", "0000:01:10.2", true, true, 0), nic("b", "0000:02:10.2", true, false, -1)),
            MacAddress.parse("02:00:00:00:00:fe"),
            List.of()),
        List.of(vf("a", "0000:01:10.2", "ens1f0"), vf("b", "0000:02:10.2", "ens2f0")),
        0,
        changedMillis,
        Map.of());
  }

  private static NodeReading node(List<BondReading> bonds) {
    NodeCounters counters = new NodeCounters();
    counters.succeeded("ADD", Duration.ofMillis(12));
    counters.succeeded("VERSION", Duration.ofMillis(1));
    counters.failed("DEL", 11, Duration.ofMillis(40));
    counters.failed("VERSION", 1, Duration.ofMillis(1));
    counters.repaired();
    counters.newsLost();
    counters.demoted(2);
    return new NodeReading(
        bonds,
        List.of(
            beside(
                new Neighbour.Device(
                    new StationId(StationId.Form.MAC, 4, "001c73aabb01"),
                    id("Ethernet1/1".getBytes(StandardCharsets.UTF_8)),
                    Optional.of("spine-1"))),
            new NodeReading.PfReading(
                "ens2f0", "0000:02:00.0", Optional.of(false), new Reading.Bad("no partner")),
            new NodeReading.PfReading(
                "ens3f0", "0000:03:00.0", Optional.empty(), new Reading.Unknown("no LACP"))),
        counters,
        Optional.of(new NodeReading.PendingReading(2, 1_700_000_000_000L)),
        new NodeReading.ProcessReading("0.1.0", 65_000_000, 1_500, 1_699_999_999_500L),
        Optional.of(false),
        true);
  }

  private static StationId id(byte[] said) {
    return new StationId(StationId.Form.TEXT, 7, HexFormat.of().formatHex(said));
  }

  private static NodeReading.PfReading beside(Neighbour neighbour) {
    return new NodeReading.PfReading(
        "ens1f0",
        "0000:01:00.0",
        Optional.of(true),
        Reading.good(),
        Optional.empty(),
        Optional.of(neighbour));
  }

  private static NodeReading watched(NodeReading node, Optional<Boolean> storm) {
    return new NodeReading(
        node.bonds(),
        node.pfs(),
        node.counters(),
        node.pending(),
        node.process(),
        storm,
        node.ready());
  }

  private static String text(Detail detail, NodeReading node) {
    return text(new NodeMetrics(USUAL), detail, node);
  }

  private static String text(NodeMetrics metrics, Detail detail, NodeReading node) {
    return StandardCharsets.UTF_8.decode(metrics.write(detail, node)).toString();
  }

  @Test
  void aNodeIsShownAsEverBefore() throws IOException {
    String text = text(Detail.TRAFFIC, node(List.of(lacp(5), backup())));
    Files.writeString(Path.of("target/node.prom"), text);
    assertThat(text).isEqualTo(Files.readString(GOLDEN));
  }

  /// Who reports to a cluster has it from there, and must not take what is not known for good.
  @Test
  void aPfIsAnsweredWithItsCarrierIfThatIsKnown() {
    assertThat(node(List.of()).pfs())
        .extracting(pf -> pf.toJson().get("carrier").map(Object::toString).orElse("none"))
        .containsExactly("true", "false", "none");
  }

  /// It is up and carries nothing: whoever counts paths must not count it.
  @Test
  void aMemberThatIsHeldBackIsNotAmongThoseThatAreUp() {
    BondReading bond = backup();
    BondReading held =
        new BondReading(
            bond.namespace(),
            bond.pod(),
            bond.network(),
            bond.state()
                .holding(
                    List.of(
                        new BondProblem.HeldBack(
                            "net1",
                            new ConfiguredMember.Pf("ens1f0", PciAddress.parse("0000:01:00.0")),
                            "no partner",
                            BondProblem.HeldBack.Where.INSIDE))),
            bond.configured(),
            bond.activeChanges(),
            bond.changedMillis(),
            Map.of());
    assertThat(text(Detail.MEMBER, node(List.of(bond))))
        .contains(
            "podbond_bond_members_up{namespace=\"demo\",pod=\"web\",bond=\"bond0\"} 1\n",
            "podbond_pf_demoted_members{pf=\"ens1f0\",pf_pci_address=\"0000:01:00.0\"} 0\n");
    assertThat(text(Detail.MEMBER, node(List.of(held))))
        .contains(
            "podbond_bond_up{namespace=\"demo\",pod=\"web\",bond=\"bond0\"} 1\n",
            "podbond_bond_members_up{namespace=\"demo\",pod=\"web\",bond=\"bond0\"} 0\n",
            "podbond_member_held_back{namespace=\"demo\",pod=\"web\",bond=\"bond0\",member=\"net1\"}"
                + " 1\n",
            "podbond_member_held_back{namespace=\"demo\",pod=\"web\",bond=\"bond0\",member=\"net2\"}"
                + " 0\n",
            "podbond_pf_demoted_members{pf=\"ens1f0\",pf_pci_address=\"0000:01:00.0\"} 1\n",
            "podbond_pf_demoted_members{pf=\"ens2f0\",pf_pci_address=\"0000:02:00.0\"} 0\n");
    NodeReading unwatched = watched(node(List.of(held, lacp(5))), Optional.empty());
    assertThat(text(Detail.MEMBER, unwatched))
        .contains("podbond_member_held_back{namespace=\"demo\"")
        .doesNotContain("podbond_member_held_back{namespace=\"\"");
  }

  /// The text about bonds is kept, and they are the same.
  @Test
  void wherePathsAreNotWatchedNobodyIsSaidNotToBeHeldBack() {
    NodeReading node = node(List.of(backup()));
    NodeMetrics metrics = new NodeMetrics(USUAL);
    for (int i = 0; i < 2; i++) {
      assertThat(text(metrics, Detail.MEMBER, node)).contains("podbond_member_held_back{");
      assertThat(text(metrics, Detail.MEMBER, watched(node, Optional.empty())))
          .doesNotContain("podbond_member_held_back");
    }
  }

  private static Optional<TextFormat.Sample> neighbour(Neighbour neighbour) {
    NodeReading node = node(List.of());
    NodeReading told =
        new NodeReading(
            List.of(),
            List.of(beside(neighbour)),
            node.counters(),
            node.pending(),
            node.process(),
            Optional.of(false),
            true);
    return Optional.ofNullable(
            TextFormat.read(text(Detail.BOND, told)).families().get("podbond_pf_neighbour_info"))
        .map(family -> family.samples().getFirst());
  }

  /// Whoever can send frames to the PF writes it.
  @Test
  void whatLldpSaysMakesOneShortSampleInOneLineWhateverItIs() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      byte[] said = new byte[1 + random.nextInt(255)];
      random.nextBytes(said);
      if (random.nextBoolean()) {
        byte[] forged = "\"} 1\npodbond_bond_up{bond=\"\\".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(forged, 0, said, 0, Math.min(said.length, forged.length));
      }
      Optional<TextFormat.Sample> sample =
          neighbour(new Neighbour.Device(id(said), id(said), Optional.of(id(said).toString())));
      assertThat(sample.orElseThrow().labels().values())
          .as("seed %d, run %d", seed, run)
          .hasSize(5)
          .allSatisfy(value ->
              assertThat(value).hasSizeLessThanOrEqualTo(64).doesNotContain("\n", "\u001b"));
    }
  }

  @Test
  void whoIsInDoubtIsNotShown() {
    assertThat(neighbour(new Neighbour.Unclear("several devices speak LLDP here"))).isEmpty();
  }

  @Test
  void everyMetricOfTheTableIsFilledAndBreaksNoConvention() {
    TextFormat text = TextFormat.read(text(Detail.TRAFFIC, node(List.of(backup(), lacp(5)))));
    assertThat(text.families().keySet())
        .containsExactlyElementsOf(Arrays.stream(Metric.values()).map(Metric::metricName).toList());
    assertThat(PromLint.faults(text)).isEmpty();
  }

  @Test
  void theMiddleLevelShowsNoTraffic() {
    assertThat(text(Detail.MEMBER, node(List.of(backup()))))
        .contains("podbond_member_up{")
        .doesNotContain("podbond_member_receive", "podbond_member_transmit");
  }

  @Test
  void theLowerLevelShowsNoMember() {
    TextFormat text = TextFormat.read(text(Detail.BOND, node(List.of(backup(), lacp(5)))));
    assertThat(text.families().keySet())
        .containsExactlyElementsOf(
            Arrays.stream(Metric.values())
                .filter(metric -> metric.detail() == Detail.BOND)
                .map(Metric::metricName)
                .toList());
  }

  /// As while a pod of a StatefulSet is replaced. Prometheus takes no series twice.
  @Test
  void twoBondsOfOneNameAreOneSeries() {
    String text = text(Detail.MEMBER, node(List.of(lacp(5_000), lacp(7_000), lacp(6_000))));
    TextFormat.read(text);
    assertThat(text)
        .contains(
            "podbond_bond_state_timestamp_seconds{namespace=\"\",pod=\"0f3c\",bond=\"b\\\"1\"}"
                + " 7\n");
  }

  /// What was written of bonds is used again, and must never be that of others.
  @Test
  void aTextIsTheSameWhateverWasWrittenBeforeIt() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    List<List<BondReading>> bonds =
        List.of(List.of(backup(), lacp(5)), List.of(lacp(7)), List.of());
    // One has no room for all of them.
    for (int mostBytes : List.of(USUAL, 4_000)) {
      NodeMetrics metrics = new NodeMetrics(mostBytes);
      for (int run = 0; run < 200; run++) {
        NodeReading node = node(bonds.get(random.nextInt(bonds.size())));
        if (random.nextBoolean()) {
          node.counters().newsLost();
        }
        Detail detail = Detail.values()[random.nextInt(Detail.values().length)];
        assertThat(text(metrics, detail, node))
            .as("seed %d, run %d, %d bytes", seed, run, mostBytes)
            .isEqualTo(text(new NodeMetrics(mostBytes), detail, node));
      }
    }
  }

  @Test
  void theTextDependsOnNothingButWhatIsKnown() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    List<BondReading> bonds = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      bonds.add(backup(i));
    }
    String once = text(Detail.MEMBER, node(bonds));
    Collections.shuffle(bonds, new Random(seed));
    assertThat(text(Detail.MEMBER, node(bonds))).as("seed %d", seed).isEqualTo(once);
  }

  private static BondReading backup(int number) {
    BondReading like = backup();
    return new BondReading(
        "demo",
        "web-" + number,
        "storage",
        like.state(),
        like.configured(),
        number,
        number,
        Map.of());
  }

  /// An IPAM plugin chooses the codes of its errors.
  @Test
  void anyNumberOfCodesMakesAFewSeries() {
    NodeReading node = node(List.of());
    for (int code = 0; code < 1_000; code++) {
      node.counters().failed("ADD", code, Duration.ZERO);
    }
    List<TextFormat.Sample> failures =
        TextFormat.read(text(Detail.BOND, node))
            .families()
            .get("podbond_cni_call_failures_total")
            .samples();
    assertThat(failures).hasSize(34);
    assertThat(failures.stream().mapToLong(sample -> Long.parseLong(sample.value())).sum())
        .isEqualTo(1_001);
    assertThat(failures).extracting(sample -> sample.labels().get("code")).contains("other");
  }

  /// Who misses a bond then must not take it for gone.
  @Test
  void anAgentThatHasNotLookedAtAllPodsSaysSo() {
    NodeReading ready = node(List.of(backup()));
    NodeReading starting =
        new NodeReading(
            ready.bonds(),
            ready.pfs(),
            ready.counters(),
            ready.pending(),
            ready.process(),
            ready.storm(),
            false);
    assertThat(text(Detail.BOND, ready)).contains("\npodbond_agent_ready 1\n");
    assertThat(text(Detail.BOND, starting)).contains("\npodbond_agent_ready 0\n");
  }

  /// 0 would say that none waits.
  @Test
  void whatCouldNotBeCountedIsLeftOut() {
    NodeReading uncounted =
        new NodeReading(
            List.of(),
            List.of(),
            new NodeCounters(),
            Optional.empty(),
            new NodeReading.ProcessReading("", 1, 2, 3));
    String text = text(Detail.MEMBER, uncounted);
    TextFormat.read(text);
    assertThat(text)
        .doesNotContain("podbond_pending", "podbond_uplink_storm")
        .contains("podbond_news_overruns_total 0");
  }

  @Test
  void whereNothingIsThereNothingIsWrong() {
    NodeReading empty =
        new NodeReading(
            List.of(),
            List.of(),
            new NodeCounters(),
            Optional.of(NodeReading.PendingReading.NONE),
            new NodeReading.ProcessReading("", 1, 2, 3));
    String text = text(Detail.MEMBER, empty);
    TextFormat.read(text);
    assertThat(text)
        .doesNotContain("podbond_bond", "podbond_member", "podbond_pf")
        .contains(
            "podbond_cni_calls_total{command=\"ADD\"} 0\n",
            "podbond_repairs_total{kind=\"repaired\"} 0\n",
            "podbond_pending_deletion_oldest_timestamp_seconds 0\n");
  }

  /// What is true at one moment, nobody should write down.
  @Test
  void aVerdictOnAnUplinkTakesThePlaceOfWhatIsReadAndIsMarked() {
    NodeReading.PfReading read =
        new NodeReading.PfReading("ens1f0", "0000:01:00.0", Optional.of(true), Reading.good());
    NodeReading.PfReading judged = read.with(new Reading.Bad("lacp: no partner"));
    assertThat(read.toJson().toString()).contains("\"upstream\":{\"state\":\"good\"}");
    assertThat(judged.upstream().isBad()).isTrue();
    assertThat(judged.toJson().toString())
        .contains("\"upstream\":{\"state\":\"bad\",\"why\":\"lacp: no partner\",\"watched\":true}");
  }
}
