package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.cluster.nodestate.NodeState;
import dev.podbond.json.LenientObject;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The longest answer that an agent gives fits into the heap that the chart gives the reporter.
final class ReporterHeapTest {
  private static final Path CHART = Path.of("../packaging/chart/templates/agent.yaml");
  private static final int MOST_BYTES = 2 * 1024 * 1024;

  @TempDir Path directory;

  /// A reporter in a process with that heap: it writes, writes a change, and reads what it wrote.
  public static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      Reporter reporter =
          new Reporter(
              new AgentSocket(Path.of(arguments[0])),
              new NodeObject(new ApiServer(arguments[1], Path.of(arguments[2])), "n1"),
              "0.1.0",
              new ReporterLog(System.out));
      Duration now = Duration.ofHours(1);
      for (int i = 0; i < 5; i++) {
        reporter.step(now.plus(Reporter.REVIEW.multipliedBy(i)));
        if (!reporter.isReady()) {
          System.exit(1);
        }
      }
    }
  }

  @Test
  void theLongestAnswerFitsIntoTheShippedHeap() throws Exception {
    try (FakeAgent agent = new FakeAgent(directory.resolve("agent.sock"));
        FakeApiServer server = new FakeApiServer(Files.createDirectory(directory.resolve("a")))) {
      // Letters that take two bytes of memory each, and of which each name has the most.
      String text = longest("\u4e00");
      assertThat(text.getBytes(StandardCharsets.UTF_8))
          .hasSizeBetween(MOST_BYTES * 9 / 10, MOST_BYTES);
      agent.answer(text);
      Path log = directory.resolve("log");
      Process child =
          new ProcessBuilder(command(agent, server))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(child.waitFor()).as(Files.readString(log)).isZero();
      assertThat(NodeState.of(server.status()).bonds()).hasSizeGreaterThan(100);
      assertThat(LenientObject.number(server.status(), "omitted").orElse(0)).isPositive();
    }
  }

  private static List<String> command(FakeAgent agent, FakeApiServer server) throws IOException {
    Matcher heap =
        Pattern.compile("- (-Xmx\\d+m)\n +- -m\n +- dev\\.podbond\\.reporter")
            .matcher(Files.readString(CHART));
    assertThat(heap.find()).isTrue();
    NodeObject object = server.objectOf("n1");
    List<String> path = new ArrayList<>(List.of("target/classes", "target/test-classes"));
    path.add(System.getProperty("java.class.path", ""));
    path.add(System.getProperty("jdk.module.path", ""));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        heap.group(1),
        "-cp",
        String.join(File.pathSeparator, path),
        Child.class.getName(),
        agent.socket().path().toString(),
        object.server().server(),
        object.server().account().toString());
  }

  private static String longest(String letter) {
    int bytes = 0;
    StringBuilder bonds = new StringBuilder("{\"bonds\": [");
    for (int i = 0; ; i++) {
      String bond =
          """
          {"pod": "demo/%d%s", "container": "%064x", "bond": "bond0", "network": "demo/%s",
           "health": "Degraded", "mode": "active-backup", "configured": 2, "members": [
            {"name": "net1", "mii": "down", "pci": "0000:3b:02.0", "pf": "%s", "pfPci": "%d",
             "driver": "iavf"}],
           "problems": ["%s"], "transitions": [{"change": "%s", "cause": "%s"}]}
          """
              .formatted(
                  i,
                  letter.repeat(200),
                  i,
                  letter.repeat(200),
                  letter.repeat(15),
                  i,
                  letter.repeat(256),
                  letter.repeat(256),
                  letter.repeat(256));
      bytes += bond.getBytes(StandardCharsets.UTF_8).length + 1;
      if (bytes > MOST_BYTES - 100) {
        return bonds.append("]}").toString();
      }
      bonds.append(i == 0 ? "" : ",").append(bond);
    }
  }
}
