package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Shim and agent as on a node: separate processes, each of which may die.
class AgentKernelTest extends VfTest {
  private static final int KILLS = Integer.getInteger("podbond.kills", 5);

  private static AgentProcess agent;

  private List<Optional<List<String>>> before;

  /// One for all: its start takes longer than most tests here.
  @BeforeAll
  static void startAgent(@TempDir Path scratch) throws Exception {
    agent = AgentProcess.start(scratch);
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
  }

  @BeforeEach
  void find() throws Exception {
    before = identities();
  }

  /// An entry is empty if its VF is in a pod.
  private static List<Optional<List<String>>> identities() throws Exception {
    List<SeenLink> links = Iproute2.ofHost().links();
    return firstVfs().stream().map(vf -> vf.identityAmong(links)).toList();
  }

  /// One attachment that makes the whole bond, with an address from host-local.
  private PluginCall bondOfVfs() throws Exception {
    List<Vf> vfs = firstVfs();
    return bond(
        """
        'failOverMac': 0, 'mtu': 1400, %s,
        'links': [{'deviceID': '%s', 'name': 'net1', 'mac': '02:00:00:00:03:01', 'trust': 'on'},
                  {'deviceID': '%s', 'name': 'net2', 'mac': '02:00:00:00:03:02', 'trust': 'on'}]
        """
            .formatted(node.hostLocal("10.7.7.0/24"), vfs.get(0).pci(), vfs.get(1).pci()));
  }

  /// The stored files without those of writers that were killed; these are deleted within minutes.
  private List<Path> stored() throws IOException {
    return StoredFiles.below(agent.state()).stream()
        .filter(file -> !file.getFileName().toString().equals("lock"))
        .filter(file -> !file.getFileName().toString().startsWith(".new-"))
        .toList();
  }

  private boolean isAsBefore() throws Exception {
    return identities().equals(before) && stored().isEmpty() && node.reservations().isEmpty();
  }

  private void awaitAsBefore() throws Exception {
    try {
      Eventually.is("the node is as before", this::isAsBefore);
    } catch (AssertionError e) {
      assertThat(identities()).as(agent.log()).isEqualTo(before);
      assertThat(stored()).as(agent.log()).isEmpty();
      assertThat(node.reservations()).as(agent.log()).isEmpty();
      throw e;
    }
  }

  @Test
  void aWholeAttachmentComesAndGoes() throws Exception {
    gateway();
    PluginCall call = bondOfVfs().with(address());
    Outcome added = agent.run("ADD", call).ok();
    assertThat(SeenLink.text(added.onlyInterface(), "name")).isEqualTo("bond0");
    assertThat(pod.ip().link("net1").master()).isEqualTo("bond0");
    awaitPing();
    agent.run("CHECK", call.with("'prevResult': " + added.json())).ok();
    agent.run("DEL", call).ok();
    assertThat(isAsBefore()).as(agent.log()).isTrue();
    agent.run("DEL", call).ok();
  }

  /// The one in which the daemon of Multus and all that it executes have to live.
  @Test
  void shimAndIpamAreContentWithLittleMemoryAndCpu() throws Exception {
    try (Cgroup multus = Cgroup.limited("multus", 50 << 20, 10)) {
      agent.runWithin(multus, "ADD", bondOfVfs()).ok();
      agent.runWithin(multus, "DEL", bondOfVfs()).ok();
      assertThat(multus.kills()).isZero();
    }
    assertThat(isAsBefore()).as(agent.log()).isTrue();
  }

  @Test
  void anErrorIsThatOfThePlugin() throws Exception {
    agent.run("ADD", bondOfVfs().with("'mode': '1+1'")).failed(7, "mode", "1+1");
    agent.run("ADD", bondOfVfs().with("'ipam': {'type': 'missing'}")).failed(999, "missing");
    assertThat(isAsBefore()).isTrue();
  }

  @Test
  void whatAVanishedPodHadComesBackByItself() throws Exception {
    agent.run("ADD", bondOfVfs()).ok();
    pod.destroy();
    awaitAsBefore();
    AgentLog.awaitRemoval(pod.name(), agent::log);
  }

  @Test
  void singleVfsOfAVanishedPodComeBackToo() throws Exception {
    for (PluginCall member : twoVfs("'trust': 'on'")) {
      agent.run("ADD", member).ok();
    }
    agent.run("ADD", bond("'mode': 'balance-xor', 'failOverMac': 0, 'mtu': 1400")).ok();
    pod.destroy();
    awaitAsBefore();
  }

  @Test
  void itPractisesBothWaysToIpamMoreThanOnce(@TempDir Path other) throws Exception {
    try (AgentProcess practising = AgentProcess.practising(other, 4)) {
      Eventually.is(
          "the practice ends", () -> practising.log().contains("podbond-agent: has practised"));
      assertThat(practising.log()).doesNotContain("warning");
    }
  }

  @Test
  void aDeletionThatNobodyTookIsDoneWhenTheAgentIsBack() throws Exception {
    agent.run("ADD", bondOfVfs()).ok();
    assertThat(node.reservations()).hasSize(1);
    agent.stop();
    agent.run("DEL", bondOfVfs()).ok();
    agent.run("DEL", bondOfVfs()).ok();
    assertThat(stored().stream().filter(file -> file.toString().contains("pending"))).hasSize(1);
    assertThat(pod.ip().find("bond0")).isPresent();
    agent.startAgain();
    awaitAsBefore();
  }

  @Test
  void aMemberThatCameBackIsInTheBondAgain() throws Exception {
    agent.run("ADD", bondOfVfs()).ok();
    String pci = firstVfs().get(1).pci();
    Path driver = Path.of("/sys/bus/pci/drivers/igbvf");
    Files.writeString(driver.resolve("unbind"), pci);
    Eventually.is("net2 is gone", () -> pod.ip().find("net2").isEmpty());
    Files.writeString(driver.resolve("bind"), pci);
    Eventually.is(
        "net2 is a member again",
        () -> pod.ip().find("net2").filter(link -> link.master().equals("bond0")).isPresent());
    Eventually.is("it is in the log", () -> agent.log().contains("repaired " + pod.name()));
    agent.run("DEL", bondOfVfs()).ok();
    assertThat(stored()).isEmpty();
  }

  @Test
  void statusFollowsTheKernel() throws Exception {
    agent.run("ADD", bondOfVfs()).ok();
    Eventually.is("the bond is healthy", () -> agent.status().exitCode() == 0);
    assertThat(agent.status().output()).contains("bond0", "active-backup", "net1", "net2 up");
    // The member that had a carrier first.
    boolean firstIsActive = pod.ip().link("bond0").info("active_slave").equals("net1");
    String active = firstIsActive ? "net1" : "net2";
    String other = firstIsActive ? "net2" : "net1";
    String pf = firstIsActive ? "pf0" : "pf1";
    cable(pf, "cut", "carrier");
    Eventually.is("the failure is known", () -> agent.status().exitCode() == 1);
    assertThat(agent.status().output()).contains("member " + active + " has no link");
    cable(pf, "restore", "carrier");
    Eventually.is("the bond is healthy", () -> agent.status().exitCode() == 0);
    assertThat(agent.log()).contains("active member " + active + " -> " + other);
    agent.run("DEL", bondOfVfs()).ok();
  }

  @Test
  void whatIsUnderWayEndsBeforeTheAgentDoes() throws Exception {
    Dist.Running add = agent.start("ADD", bondOfVfs());
    Eventually.is("the attachment is on record", () -> !stored().isEmpty());
    agent.stop();
    add.outcome().ok();
    assertThat(pod.ip().find("bond0")).isPresent();
    agent.startAgain();
    agent.run("DEL", bondOfVfs()).ok();
    assertThat(isAsBefore()).isTrue();
  }

  /// Whatever the agent was doing: after a restart and a runtime's usual calls, nothing is left.
  @Test
  void aKilledAgentLeavesNothing() throws Exception {
    long longestMillis = duration("ADD") + duration("DEL");
    TreeMap<String, Integer> ends = new TreeMap<>();
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    System.out.println("killed agents: seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < KILLS; i++) {
      Dist.Running call = agent.start("ADD", bondOfVfs());
      Thread.sleep(random.nextLong(longestMillis));
      if (!call.process().isAlive()) {
        call.outcome().ok();
        call = agent.start("DEL", bondOfVfs());
        Thread.sleep(random.nextLong(longestMillis / 2));
      }
      agent.kill();
      ends.merge("exit code " + call.outcome().exitCode(), 1, Integer::sum);
      agent.startAgain();
      agent.run("DEL", bondOfVfs()).ok();
      awaitAsBefore();
      assertThat(pod.ip().find("bond0")).isEmpty();
    }
    System.out.println(KILLS + " kills: " + ends);
  }

  private long duration(String verb) throws Exception {
    long start = System.nanoTime();
    agent.run(verb, bondOfVfs()).ok();
    return (System.nanoTime() - start) / 1_000_000;
  }
}
