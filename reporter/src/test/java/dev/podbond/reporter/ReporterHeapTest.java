package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.apiserver.ApiServer;
import dev.podbond.cluster.nodestate.NodeState;
import dev.podbond.https.certificate.SelfSignedCertificate;
import dev.podbond.json.LenientObject;
import dev.podbond.reporter.door.MetricsDoor;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The longest answer that an agent gives fits into the heap that the chart gives the reporter.
final class ReporterHeapTest {
  private static final Path CHART = Path.of("../packaging/chart/templates/agent.yaml");
  private static final int MOST_BYTES = 2 * 1024 * 1024;

  private static final Pattern SHIPPED =
      Pattern.compile("- (-Xmx\\d+m)\n +\\{\\{- end }}\n +- -m\n +- dev\\.podbond\\.reporter");
  private static final Pattern SHIPPED_WITH_METRICS =
      Pattern.compile("if \\.Values\\.agent\\.secureMetrics\\.enabled }}\n +- (-Xmx\\d+m)\n");

  private static final Pattern COMMAND =
      Pattern.compile("- name: reporter\n[\\s\\S]*?- dev\\.podbond\\.reporter/");
  private static final Pattern OPTION = Pattern.compile("\n +- (-XX:\\S+)");

  @TempDir Path directory;

  /// A reporter in a process with that heap: it writes, writes a change, and reads what it wrote.
  public static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      ApiServer server = new ApiServer(arguments[1], Path.of(arguments[2]));
      AgentSocket agent = new AgentSocket(Path.of(arguments[0]));
      if (arguments.length > 3) {
        MetricsDoor door =
            MetricsDoor.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new SelfSignedCertificate("test", List.of("localhost")),
                server,
                agent::metrics,
                System.out::println);
        door.start();
        Files.writeString(Path.of(arguments[3]), "" + door.port());
      }
      Reporter reporter =
          new Reporter(agent, new NodeObject(server, "n1"), "0.1.0", new ReporterLog(System.out));
      Duration now = Duration.ofHours(1);
      for (int i = 0; i < 5; i++) {
        reporter.step(now.plus(Reporter.REVIEW.multipliedBy(i)));
        if (!reporter.isReady()) {
          System.exit(1);
        }
      }
      // Until the test has read what it wants.
      int end = System.in.read();
      System.exit(end < 0 ? 0 : 2);
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
          new ProcessBuilder(command(SHIPPED, agent, server))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      child.getOutputStream().close();
      assertThat(child.waitFor()).as(Files.readString(log)).isZero();
      assertThat(NodeState.of(server.status()).bonds()).hasSizeGreaterThan(100);
      assertThat(LenientObject.number(server.status(), "omitted").orElse(0)).isPositive();
    }
  }

  /// Eight that ask for metrics at once, as often as they can, while the state is written.
  @Test
  void soDoMetricsBesideIt() throws Exception {
    try (FakeAgent agent = new FakeAgent(directory.resolve("agent.sock"));
        FakeApiServer server = new FakeApiServer(Files.createDirectory(directory.resolve("a")))) {
      String text = longest("\u4e00");
      agent.answer(text);
      Path log = directory.resolve("log");
      Path port = directory.resolve("port");
      List<String> command = new ArrayList<>(command(SHIPPED_WITH_METRICS, agent, server));
      command.add(port.toString());
      Process child =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      while (!Files.exists(port) || Files.readString(port).isEmpty()) {
        assertThat(child.isAlive()).as(Files.readString(log)).isTrue();
        Thread.sleep(20);
      }
      TrustingClient client = new TrustingClient();
      List<Integer> lengths = new CopyOnWriteArrayList<>();
      List<Thread> askers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        askers.add(
            Thread.ofPlatform().start(() -> ask(client, Integer.parseInt(read(port)), 4, lengths)));
      }
      for (Thread asker : askers) {
        asker.join();
      }
      child.getOutputStream().close();

      assertThat(child.waitFor()).as(Files.readString(log)).isZero();
      int whole = text.getBytes(StandardCharsets.UTF_8).length;
      assertThat(lengths).contains(whole).allMatch(length -> length == whole || length < 1000);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void ask(TrustingClient client, int port, int times, List<Integer> lengths) {
    for (int i = 0; i < times; i++) {
      try {
        String answer =
            new String(
                client.answerTo(port, "GET /metrics HTTP/1.1", "Authorization: Bearer a"),
                StandardCharsets.ISO_8859_1);
        lengths.add(answer.length() - answer.indexOf("\r\n\r\n") - 4);
      } catch (IOException _) {
        // It gave way to another.
      }
    }
  }

  private static List<String> command(Pattern shipped, FakeAgent agent, FakeApiServer server)
      throws IOException {
    Matcher heap = shipped.matcher(Files.readString(CHART));
    assertThat(heap.find()).isTrue();
    NodeObject object = server.objectOf("n1");
    List<String> path = new ArrayList<>(List.of("target/classes", "target/test-classes"));
    path.add(System.getProperty("java.class.path", ""));
    path.add(System.getProperty("jdk.module.path", ""));
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(shippedOptions());
    command.addAll(
        List.of(
            heap.group(1),
            "-cp",
            String.join(File.pathSeparator, path),
            Child.class.getName(),
            agent.socket().path().toString(),
            object.server().server(),
            object.server().account().directory().toString()));
    return command;
  }

  private static List<String> shippedOptions() throws IOException {
    Matcher command = COMMAND.matcher(Files.readString(CHART));
    assertThat(command.find()).isTrue();
    List<String> options =
        OPTION.matcher(command.group()).results().map(found -> found.group(1)).toList();
    // An error of memory or a node of many processors is what the chart has bounded by them.
    assertThat(options).contains("-XX:+ExitOnOutOfMemoryError", "-XX:ActiveProcessorCount=2");
    return options;
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
