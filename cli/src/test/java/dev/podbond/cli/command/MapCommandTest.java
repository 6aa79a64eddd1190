package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where `podbond map` puts its picture.
final class MapCommandTest {
  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static final JsonObject BOND =
      SomeBonds.said("demo/web", "active-backup", "net1", Health.HEALTHY, "net1 up");

  private int map(String... arguments) throws Exception {
    return map(SomeBonds.answer(BOND), arguments);
  }

  private int map(JsonObject answer, String... arguments) throws Exception {
    Path socket = scratch.resolve("agent.sock");
    try (FakeAgent _ = FakeAgent.ofBonds(socket, new ArrayDeque<>(List.of(answer.toString())))) {
      Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
      return new Root(console, Map.of("PODBOND_SOCKET", socket.toString()), Optional.empty())
          .run(Stream.concat(Stream.of("map"), Stream.of(arguments)).toArray(String[]::new));
    }
  }

  @Test
  void aPageGoesToTheOutputUnlessAPictureIsAskedFor() throws Exception {
    assertThat(map()).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).startsWith("<!DOCTYPE html>").contains("demo/web");
    out.getBuffer().setLength(0);
    assertThat(map("-o", "svg")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).startsWith("<?xml").contains("demo/web");
    assertThat(map("-o", "png")).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void aPictureOfAnAgentThatHasJustStartedSaysSo() throws Exception {
    assertThat(map(SomeBonds.starting(BOND))).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).contains("; the agent has just started", "demo/web");
    assertThat(err.toString()).contains("warning: the agent has just started");
  }

  @Test
  void aFileIsReplacedAsAWhole() throws Exception {
    Path file = Files.writeString(scratch.resolve("map.html"), "x".repeat(1_000_000));
    assertThat(map("--output-file", file.toString())).isEqualTo(ExitCodes.DONE);
    assertThat(file).content().startsWith("<!DOCTYPE html>").endsWith("</html>\n");
    assertThat(out.toString()).isEmpty();
    try (Stream<Path> files = Files.list(scratch)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .as("nothing half-done stays")
          .containsExactlyInAnyOrder("map.html", "agent.sock");
    }
  }

  /// As another user could put it where the picture is to go.
  @Test
  void aLinkIsNotFollowedAndADeviceNotReplaced() throws Exception {
    Path victim = Files.writeString(scratch.resolve("victim"), "mine");
    Path link = Files.createSymbolicLink(scratch.resolve("map.html"), victim);
    assertThat(map("--output-file", link.toString())).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).contains(link + " is no regular file");
    assertThat(victim).content().isEqualTo("mine");
    assertThat(map("--output-file", scratch.toString())).isEqualTo(ExitCodes.FAILED);
    assertThat(map("--output-file", "/nowhere/map.html")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).contains("/nowhere/map.html: no such file or directory");
  }

  private static String report(String node, String pod, String health, String more) {
    return """
    {"kind": "BondNodeState", "metadata": {"name": "%s"}, "status": {"bonds": [{"namespace": "demo",
     "pod": "%s", "container": "c", "bond": "bond0", "mode": "active-backup", "health": "%s",
     "active": "net1", "configured": 2, "up": 1, "members": [
      {"name": "net1", "pciAddress": "0000:3b:02.0", "pf": "ens1f0", "pfPciAddress": "0000:3b:00.0",
       "state": "up"}, {"name": "net2", "state": "missing"}]}]%s}}
    """
        .formatted(node, pod, health, more);
  }

  private int mapFrom(String text) throws Exception {
    return map("--from", Files.writeString(scratch.resolve("nodes.json"), text).toString());
  }

  @Test
  void anUplinkThatIsBadBehindACarrierIsDrawnOfANodeOfTheClusterToo() throws Exception {
    String pfs =
        """
        , "pfs": [{"name": "ens1f0", "pciAddress": "0000:3b:00.0", "carrier": true,
         "upstream": "%s", "upstreamReason": "lacp: no <partner>"}]
        """;
    assertThat(mapFrom(report("n1", "web-0", "Healthy", pfs.formatted("bad"))))
        .isEqualTo(ExitCodes.DONE);
    assertThat(out.toString())
        .contains("1 of 1 up, upstream bad", "upstream bad: lacp: no &lt;partner&gt;");
    out.getBuffer().setLength(0);
    assertThat(mapFrom(report("n1", "web-0", "Healthy", pfs.formatted("good"))))
        .isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).contains("upstream good").doesNotContain("upstream bad");
  }

  /// As `kubectl get bondnodestates -o json` prints them.
  @Test
  void nodesOfAClusterAreDrawnTheWorstFirst() throws Exception {
    String list =
        "{\"kind\": \"List\", \"items\": [%s, %s, {\"kind\": \"Pod\"}, 7]}"
            .formatted(
                report("n1", "web-0", "Healthy", ""),
                report("n2", "web-1", "Degraded", ", \"omitted\": 3"));
    assertThat(mapFrom(list)).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString())
        .contains(
            "Bonds of 2 nodes, ", "demo/web-0", "demo/web-1", "2 bonds: 1 Degraded, 1 Healthy");
    assertThat(out.toString().indexOf("node n2")).isLessThan(out.toString().indexOf("node n1"));
    assertThat(err.toString()).contains("node n2 has no room for 3 bonds");

    out.getBuffer().setLength(0);
    assertThat(mapFrom(report("n1", "web-0", "Healthy", ""))).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).contains("Bonds of a node, ", "node n1");
    assertThat(mapFrom("{\"kind\": \"BondNodeStateList\", \"items\": []}"))
        .isEqualTo(ExitCodes.DONE);
  }

  /// Whoever writes an object's name may be anybody.
  @Test
  void noNameOfANodeOrAPodIsMarkup() throws Exception {
    assertThat(mapFrom(report("<script>alert(1)</script>", "'/><img src=x>", "Down", "")))
        .isEqualTo(ExitCodes.DONE);
    assertThat(out.toString())
        .contains("node &lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script>alert", "<img");
  }

  @Test
  void whatIsNoBondNodeStateOrWithoutEndIsRefused() throws Exception {
    for (String text : List.of("", "[]", "{}", "{\"kind\": \"Pod\"}", "x".repeat(5_000_000))) {
      assertThat(mapFrom(text))
          .as(text.substring(0, Math.min(20, text.length())))
          .isEqualTo(ExitCodes.FAILED);
    }
    assertThat(err.toString()).contains("nodes.json holds no BondNodeStates that can be read: ");
    assertThat(map("--from", "/nowhere")).isEqualTo(ExitCodes.FAILED);
    assertThat(out.toString()).isEmpty();
  }
}
