package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every mode with VFs of two PFs that hold a MAC for them. As measured: with trust on all modes
/// work. With trust off only active-backup with failOverMac active works, and all others are
/// refused before anything is touched.
class VfModesKernelTest extends VfTest {
  private static final List<String> ALWAYS = List.of("02:00:00:00:00:01", "02:00:00:00:00:02");

  private static String mode(String mode, int failOverMac) {
    return "'mode': '%s', 'failOverMac': %d".formatted(mode, failOverMac);
  }

  /// The modes that share one MAC on all members, or move MACs among them.
  @ParameterizedTest(name = "{0}, failOverMac {1}")
  @CsvSource({
    "balance-rr, 0, shared",
    "active-backup, 0, shared",
    "active-backup, 1, own",
    "active-backup, 2, own",
    "balance-xor, 0, shared",
    "broadcast, 0, shared",
    "802.3ad, 0, shared",
    "balance-tlb, 0, own",
    "balance-alb, 0, own"
  })
  void everyModeWorksWithTrust(String mode, int failOverMac, String macs) throws Exception {
    gateway();
    List<Vf> vfs = firstVfs();
    List<List<String>> before = List.of(vfs.get(0).identity(), vfs.get(1).identity());
    List<PluginCall> members = twoVfs("'trust': 'on'");
    members.forEach(member -> member.add().ok());

    PluginCall bond = bond(mode(mode, failOverMac) + "," + address());
    Outcome added = bond.add().ok();
    assertThat(pod.ip().link("bond0").info("mode")).isEqualTo(mode);
    String bondMac = pod.ip().link("bond0").mac();
    if (macs.equals("shared")) {
      assertThat(pod.ip().link("net1").mac()).isEqualTo(bondMac);
      assertThat(pod.ip().link("net2").mac()).isEqualTo(bondMac);
    } else {
      assertThat(pod.ip().link("net1").mac()).isNotEqualTo(pod.ip().link("net2").mac());
    }
    bond.check(added).ok();
    // A hub is not a LACP partner, and without a partner a bond passes no traffic.
    if (!mode.equals("802.3ad")) {
      awaitPing();
    }

    bond.del().ok();
    assertThat(List.of(pod.ip().link("net1").mac(), pod.ip().link("net2").mac())).isEqualTo(ALWAYS);
    members.reversed().forEach(member -> member.del().ok());
    assertThat(List.of(vfs.get(0).identity(), vfs.get(1).identity())).isEqualTo(before);
    assertThat(node.state()).isEmpty();
  }

  @Test
  void whatCannotWorkWithoutTrustIsRefused() throws Exception {
    twoVfs("'trust': 'off'").forEach(member -> member.add().ok());
    Snapshot before = node.snapshot(pod);
    for (String options :
        List.of(
            mode("balance-rr", 0),
            mode("active-backup", 0),
            mode("active-backup", 2),
            mode("balance-xor", 0),
            mode("broadcast", 0),
            mode("802.3ad", 0),
            mode("balance-tlb", 0),
            mode("balance-alb", 0))) {
      bond(options + "," + address())
          .add()
          .failed(
              100, "before anything was touched", "net2", "pf1", vf("pf1", 0).pci(), "trust: on");
      assertThat(node.snapshot(pod).lines()).as(options).isEqualTo(before.lines());
    }
    twoVfs("'trust': 'off'").forEach(member -> member.del().ok());
  }

  @ParameterizedTest(name = "trust {0}, failOverMac {1}")
  @CsvSource({"off, 1", "on, 0", "on, 2"})
  void failoverWorksInBothDirections(String trust, int failOverMac) throws Exception {
    gateway();
    List<PluginCall> members = twoVfs("'trust': '%s'".formatted(trust));
    members.forEach(member -> member.add().ok());
    PluginCall bond = bond(mode("active-backup", failOverMac) + "," + address());
    bond.add().ok();
    awaitMembersUp();
    awaitPing();
    // The first member whose VF had a carrier when it joined.
    String first = pod.ip().link("bond0").info("active_slave");
    String second = first.equals("net1") ? "net2" : "net1";

    cable(pfOf(first), "cut", "carrier");
    awaitActive(second);
    awaitPing();
    cable(pfOf(first), "restore", "carrier");
    awaitMembersUp();

    cable(pfOf(second), "cut", "carrier");
    awaitActive(first);
    awaitPing();
    cable(pfOf(second), "restore", "carrier");
    bond.del().ok();
    assertThat(List.of(pod.ip().link("net1").mac(), pod.ip().link("net2").mac())).isEqualTo(ALWAYS);
    members.reversed().forEach(member -> member.del().ok());
  }

  private static String pfOf(String member) {
    return member.equals("net1") ? "pf0" : "pf1";
  }

  /// If a switch dies behind its port, no carrier is lost: only ARP monitoring detects that.
  @Test
  void aSilentFailureIsSeenByArpMonitoring() throws Exception {
    gateway();
    List<PluginCall> members = twoVfs("'trust': 'off'");
    members.forEach(member -> member.add().ok());
    PluginCall bond =
        bond(
            "'miimon': null, 'arpInterval': 200, 'arpIpTarget': ['10.56.217.1'], 'arpValidate':"
                + " 'active', 'primary': 'net1', "
                + address());
    bond.add().ok();
    awaitPing();
    awaitActive("net1");
    try {
      cable("pf0", "cut", "silent");
      awaitActive("net2");
      awaitPing();
    } finally {
      cable("pf0", "restore", "silent");
    }
    bond.del().ok();
    members.reversed().forEach(member -> member.del().ok());
  }

  /// Both members would join, the bond would be up, and every frame would be lost.
  @Test
  void aMacThatTheVfHasNotTakenOverIsRefused() throws Exception {
    List<Vf> vfs = firstVfs();
    int number = 1;
    for (Vf vf : vfs) {
      vf.set("mac 02:00:00:00:01:0" + number);
      String name = vf.link().name();
      Iproute2.ofHost().run("link set %s netns %s name net%d".formatted(name, pod.name(), number));
      number++;
    }
    assertThat(pod.ip().link("net1").mac()).isNotEqualTo("02:00:00:00:01:01");
    Snapshot before = node.snapshot(pod);
    bond("")
        .add()
        .failed(100, "net1", "02:00:00:00:01:01", "every frame be lost", "up and then down");
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
    for (String name : List.of("net1", "net2")) {
      pod.ip().run("link set " + name + " up");
      pod.ip().run("link set " + name + " down");
    }
    bond("").add().ok();
    bond("").del().ok();
  }

  @Test
  void twoMembersOfOnePfAreAWarning() throws Exception {
    PluginCall bond =
        bond(
            "'links': [{'deviceID': '%s', 'name': 'net1'}, {'deviceID': '%s', 'name': 'net2'}]"
                .formatted(vf("pf0", 0).pci(), vf("pf0", 1).pci()));
    bond.add().warned("VFs of one PF, pf0", "one dead cable takes both");
    bond.del().ok();
    bond.with("'strict': true").add().failed(100, "one dead cable takes both");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "down"})
  void aBondComesUpDegraded(String how) throws Exception {
    List<PluginCall> members = twoVfs("'trust': 'off'");
    members.forEach(member -> member.add().ok());
    if (how.equals("cut")) {
      cable("pf0", "cut", "carrier");
      Eventually.is("net1 has no carrier", () -> !pod.ip().link("net1").hasCarrier());
    } else {
      pod.ip().run("link set net1 down");
    }
    Outcome added = bond("").add();
    if (how.equals("cut")) {
      added.warned("pf0", "down");
      awaitActive("net2");
      cable("pf0", "restore", "carrier");
    }
    added.ok();
    awaitMembersUp();
    bond("").check(added).ok();
    bond("").del().ok();
    members.reversed().forEach(member -> member.del().ok());
  }
}
