package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.acceptance.fault.Fault;
import dev.podbond.acceptance.fault.Injector;
import dev.podbond.acceptance.fault.PlannedFault;
import dev.podbond.acceptance.fault.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two pods want one VF: one gets it, the other learns which pod has it, and gets it afterwards.
class RivalPodsKernelTest extends VfTest {
  private PluginCall wants(Pod who, Vf vf) {
    return node.sriov(who, "net1", Network.sriov(vf.pci(), "'trust': 'on'"));
  }

  private static void holdsAlone(Pod holder, Pod other) throws Exception {
    assertThat(holder.ip().find("net1")).isPresent();
    assertThat(other.ip().find("net1")).isEmpty();
  }

  @Test
  void oneWinsWhereverTheOtherIs() throws Exception {
    Vf vf = vf("pf0", 0);
    List<String> before = vf.identity();
    try (Pod second = Pod.create()) {
      FaultScenario first = FaultScenario.of("rivals", node, pod, wants(pod, vf), () -> {});
      Injector counting = Injector.counting();
      first.run("ADD", counting).orElseThrow().ok();
      wants(pod, vf).del().ok();
      long seed = Long.getLong("podbond.seed", System.nanoTime());
      int combination = 0;
      int runs = 0;
      for (Point point : counting.passed()) {
        for (Fault fault : List.of(Fault.PAUSE, Fault.DIE)) {
          if (!FaultMatrix.isInShare(combination++, seed)) {
            continue;
          }
          List<CompletableFuture<Outcome>> rival = new ArrayList<>();
          Injector injector =
              new Injector(
                  List.of(PlannedFault.at(point, fault)), _ -> rival.add(begin(wants(second, vf))));
          Optional<Outcome> end = first.run("ADD", injector);
          Outcome late =
              rival.isEmpty()
                  ? wants(second, vf).add()
                  : rival.getFirst().get(90, TimeUnit.SECONDS);
          String name = fault + " at " + point + ": " + end + " and " + late;
          if (end.isPresent()) {
            assertThat(end.get().exitCode()).as(name).isZero();
            late.failed(11, vf.pci());
            holdsAlone(pod, second);
          }
          wants(pod, vf).del().ok();
          if (late.exitCode() == 0) {
            holdsAlone(second, pod);
          } else {
            late.failed(11, vf.pci());
            assertThat(vf.identity()).as(name).isEqualTo(before);
          }
          wants(second, vf).del().ok();
          assertThat(vf.identity()).as(name).isEqualTo(before);
          assertThat(node.state()).as(name).isEmpty();
          runs++;
        }
      }
      System.out.println("faults: two pods for one VF, " + runs + " runs, seed " + seed);
    }
  }

  private static CompletableFuture<Outcome> begin(PluginCall call) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Thread.ofPlatform().start(() -> outcome.complete(call.add()));
    return outcome;
  }

  @Test
  void throughTheAgentTheSameHolds(@TempDir java.nio.file.Path scratch) throws Exception {
    Vf vf = vf("pf0", 0);
    List<String> before = vf.identity();
    try (AgentProcess agent = AgentProcess.start(scratch);
        Pod second = Pod.create()) {
      for (int round = 0; round < 2; round++) {
        Dist.Running one = agent.start("ADD", wants(pod, vf));
        Dist.Running other = agent.start("ADD", wants(second, vf));
        List<Outcome> outcomes = List.of(one.outcome(), other.outcome());
        assertThat(outcomes).extracting(Outcome::exitCode).containsExactlyInAnyOrder(0, 1);
        boolean firstWon = outcomes.getFirst().exitCode() == 0;
        outcomes.get(firstWon ? 1 : 0).failed(11, vf.pci());
        holdsAlone(firstWon ? pod : second, firstWon ? second : pod);
        agent.run("DEL", wants(firstWon ? pod : second, vf)).ok();
        agent.run("ADD", wants(firstWon ? second : pod, vf)).ok();
        holdsAlone(firstWon ? second : pod, firstWon ? pod : second);
        agent.run("DEL", wants(pod, vf)).ok();
        agent.run("DEL", wants(second, vf)).ok();
        assertThat(vf.identity()).isEqualTo(before);
      }
    }
  }

  /// The agent's calls and one-shot processes use the same locks and claims.
  @Test
  void agentAndOneShotProcessCompeteToo(@TempDir java.nio.file.Path scratch) throws Exception {
    Vf vf = vf("pf0", 0);
    try (AgentProcess agent = AgentProcess.start(scratch);
        Pod second = Pod.create()) {
      Node shared = new Node(scratch);
      PluginCall oneShot = shared.sriov(second, "net1", Network.sriov(vf.pci(), "'trust': 'on'"));
      assertThat(shared.stateDirectory()).isEqualTo(agent.state());
      CompletableFuture<Outcome> here = begin(oneShot);
      Outcome there = agent.run("ADD", wants(pod, vf));
      List<Outcome> outcomes = List.of(here.get(90, TimeUnit.SECONDS), there);
      assertThat(outcomes).extracting(Outcome::exitCode).containsExactlyInAnyOrder(0, 1);
      oneShot.del().ok();
      agent.run("DEL", wants(pod, vf)).ok();
      assertThat(shared.state()).isEmpty();
    }
  }
}
