package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.acceptance.fault.Fault;
import dev.podbond.acceptance.fault.FaultLauncher;
import dev.podbond.acceptance.fault.PlannedFault;
import dev.podbond.acceptance.fault.Point;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The process itself ends at a point, as by `kill -9`. [FaultMatrixKernelTest] tests every point
/// with a call that dies within the tests' process; this class tests a sample of these points with
/// real processes.
class KilledProcessKernelTest extends PodTest {
  private static final int KILLS = Integer.getInteger("podbond.faultKills", 2);
  private static final int KILLED = 137;

  private static Process launch(PluginCall call, String verb, Path state, PlannedFault fault)
      throws Exception {
    List<String> line = new ArrayList<>(javaLine());
    line.add(call.plugin());
    ProcessBuilder builder = new ProcessBuilder(line);
    Map<String, String> environment = new HashMap<>(call.request(verb).env());
    environment.put("PODBOND_STATE", state.toString());
    environment.put("PODBOND_FAULT", fault.toString());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(call.config().toString().getBytes(StandardCharsets.UTF_8));
    }
    return process;
  }

  private static List<String> javaLine() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        FaultLauncher.class.getName());
  }

  @Test
  void aKilledProcessLeavesNothingThatTheNextCallDoesNotEnd() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    try (HostLinks host = HostLinks.dummies("hnet1", "hnet2")) {
      PluginCall call =
          bond(
              "'linksInContainer': false, 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}],"
                  + " 'failOverMac': 0, "
                  + node.hostLocal("10.7.7.0/24"));
      FaultScenario scenario = FaultScenario.of("killed", node, pod, call, () -> {});
      FaultMatrix matrix = new FaultMatrix(scenario);
      for (FaultMatrix.Verb verb : List.of(FaultMatrix.Verb.ADD, FaultMatrix.Verb.DEL)) {
        List<Point> points = new ArrayList<>(matrix.points(verb));
        Collections.shuffle(points, new Random(seed));
        for (Point point : points.subList(0, Math.min(KILLS, points.size()))) {
          String name = "seed " + seed + ", " + verb + " killed at " + point;
          call.del().ok();
          if (verb == FaultMatrix.Verb.DEL) {
            call.add().ok();
          }
          Process process =
              launch(call, verb.name(), node.stateDirectory(), PlannedFault.at(point, Fault.KILL));
          String output =
              new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          assertThat(process.waitFor()).as(name + ": " + output).isEqualTo(KILLED);
          call.del().ok();
          assertThat(scenario.now().differences(scenario.before())).as(name).isEmpty();
        }
        System.out.printf(
            "faults: %d of %d points of %s killed for real, seed %d%n",
            Math.min(KILLS, points.size()), points.size(), verb, seed);
      }
    }
  }

  @Test
  void anAgentThatIsKilledWhileItTidiesUpIsContinuedByTheNext(@TempDir Path scratch)
      throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall call = bond(node.hostLocal("10.7.7.0/24"));
    FaultScenario scenario = FaultScenario.of("killed agent", node, pod, call, () -> {});
    call.add().ok();
    scenario.leaveDeletion();
    for (String fault : List.of("kernel:after:2:kill", "file:before:1:kill", "")) {
      List<String> line = new ArrayList<>(javaLine());
      line.addAll(List.of("agent", scratch.resolve("agent.sock").toString()));
      ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().put("PODBOND_STATE", node.stateDirectory().toString());
      builder.environment().put("PODBOND_FAULT", fault);
      Process agent = builder.start();
      if (fault.isEmpty()) {
        Eventually.is(
            "the node is as before", () -> scenario.now().differences(scenario.before()).isEmpty());
        agent.destroyForcibly().waitFor();
      } else {
        String output = new String(agent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(agent.waitFor()).as(fault + ": " + output).isEqualTo(KILLED);
      }
    }
  }
}
