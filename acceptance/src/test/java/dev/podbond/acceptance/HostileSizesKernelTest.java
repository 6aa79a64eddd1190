package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent with its shipped heap reads what authors of pods and networks can give it; as a tree
/// each would be ten times larger than the heap.
class HostileSizesKernelTest extends PodTest {
  /// The most that fits into an object's annotations.
  private static final String ANNOTATION = "[" + "{},".repeat(83_000) + "{}]";

  private static void answers(AgentProcess agent) throws Exception {
    Shell.Finished status = agent.status();
    assertThat(status.exitCode()).as(status + "\n" + agent.log()).isZero();
  }

  private static JsonObject config(String members) throws Exception {
    return Json.parseObject(
        """
        {"cniVersion": "1.0.0", "name": "net", "type": "bond", "mode": "active-backup",
         "links": [{"name": "net1"}, {"name": "net2"}], %s}
        """
            .formatted(members));
  }

  private PluginCall call(int number, String members) throws Exception {
    return new PluginCall(
        node,
        "bond",
        "hostile" + number,
        pod.netns().toString(),
        "bond0",
        config(members),
        "",
        "/usr/lib/cni");
  }

  /// A record as older releases wrote it, with everything that the runtime had given.
  private static void leaveRecord(Path state, int number, String netns) throws Exception {
    AttachmentKey key = new AttachmentKey("old" + number, "bond0");
    Attachment record =
        Attachment.prepared(
                key, "net", "bond", netns, config("\"args\": {\"cni\": " + ANNOTATION + "}"))
            .complete(List.of(), List.of());
    Files.writeString(
        state.resolve(key.containerId() + ":bond0.json"), record.toJson().toPrettyString());
  }

  /// A deletion as a shim leaves it that finds no agent.
  private void leaveDeletion(Path scratch, int number) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("PODBOND_SOCKET", scratch.resolve("run/agent.sock").toString());
    environment.put("PODBOND_STATE", scratch.resolve("state").toString());
    environment.put("CNI_COMMAND", "DEL");
    environment.put("CNI_CONTAINERID", "waiting" + number);
    environment.put("CNI_IFNAME", "bond0");
    environment.put("CNI_PATH", Dist.plugins().toString());
    Dist.start("bond", environment, config("\"x\": " + ANNOTATION).toString()).outcome().ok();
  }

  @Test
  void oldRecordsAndWaitingDeletionsOfAnySizeDoNotKeepAnAgentFromServing(@TempDir Path scratch)
      throws Exception {
    Files.createDirectories(scratch.resolve("run"));
    Path state = Files.createDirectories(scratch.resolve("state"));
    for (int i = 0; i < 5; i++) {
      leaveRecord(state, i, pod.netns().toString());
      leaveRecord(state, 5 + i, "/run/netns/vanished" + i);
    }
    for (int i = 0; i < 3; i++) {
      leaveDeletion(scratch, i);
    }
    try (AgentProcess agent = AgentProcess.start(scratch)) {
      Eventually.is(
          "what is left is that of the pod that lives",
          () -> {
            try (Stream<Path> files = Files.list(state)) {
              return files.filter(file -> file.toString().endsWith(".json")).count() == 5;
            }
          });
      Eventually.is(
          "no deletion waits",
          () -> {
            try (Stream<Path> files = Files.list(state.resolve("pending"))) {
              return files.findAny().isEmpty();
            }
          });
      answers(agent);
      assertThat(state.resolve("damaged")).doesNotExist();
    }
  }

  @Test
  void configurationsOfAnySizeAreRefusedAndTheAgentServesOn(@TempDir Path scratch)
      throws Exception {
    try (AgentProcess agent = AgentProcess.start(scratch)) {
      List<Dist.Running> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(agent.start("ADD", call(i, "\"args\": {\"cni\": " + ANNOTATION + "}")));
        calls.add(agent.start("ADD", call(i, "\"x\": [" + "{},".repeat(174_000) + "{}]")));
        calls.add(agent.start("ADD", call(i, "\"x\": [" + "0,".repeat(725_000) + "0]")));
      }
      for (Dist.Running running : calls) {
        running.outcome().failed(6, "of which at most 65536 are allowed");
      }
      agent
          .run("ADD", call(1, "\"x\": [" + "{},".repeat(20_000) + "{}]"))
          .failed(6, "values, of which at most 10000 are allowed");
      agent.run("DEL", call(0, "\"args\": {\"cni\": " + ANNOTATION + "}")).ok();
      answers(agent);
    }
  }

  /// The agent asks about single entries of a router's table and of a tenant's links, and never
  /// lists them.
  @Test
  void whatIsInAPodMakesNoDifferenceToItsBond(@TempDir Path scratch) throws Exception {
    pod.withDummies("net1", "net2");
    Path batch = scratch.resolve("batch");
    StringBuilder crowd = new StringBuilder("link set lo up\n");
    for (int i = 0; i < 1_500; i++) {
      crowd.append("link add crowd").append(i).append(" type dummy\n");
    }
    for (int i = 0; i < 20_000; i++) {
      crowd.append("route add 20.%d.%d.0/24 dev lo\n".formatted(i / 250, i % 250));
    }
    Files.writeString(batch, crowd);
    Shell.run(List.of("ip", "-n", pod.name(), "-batch", batch.toString()));
    try (AgentProcess agent = AgentProcess.start(scratch)) {
      PluginCall call =
          call(1, "\"linksInContainer\": true")
              .with(
                  "'ipam': {'type': 'static', 'addresses': [{'address': '10.9.0.2/24'}],"
                      + " 'routes': [{'dst': '10.10.0.0/16', 'gw': '10.9.0.1'}]}");
      Outcome added = agent.run("ADD", call).ok();
      PluginCall checked = call.with("'prevResult': " + added.json());
      agent.run("CHECK", checked).ok();
      pod.ip().run("route del 10.10.0.0/16");
      agent.run("CHECK", checked).failed(103, "route", "10.10.0.0/16");
      answers(agent);
      agent.run("DEL", call).ok();
      assertThat(pod.ip().link("net1").master()).isEmpty();
    }
  }
}
