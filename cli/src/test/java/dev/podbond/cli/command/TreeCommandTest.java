package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `podbond tree` prints.
final class TreeCommandTest {
  private static final String LEFT = "ens1f0 0000:3b:00.0";
  private static final String RIGHT = "ens2f0 0000:5e:00.0";
  private static final JsonObject ANSWER =
      SomeBonds.answer(
          SomeBonds.said(
              "demo/log", "802.3ad", "", Health.HEALTHY, "net1 up " + RIGHT, "net2 up " + RIGHT),
          SomeBonds.said(
              "demo/web",
              "active-backup",
              "net2",
              Health.DEGRADED,
              "net1 down " + LEFT,
              "net2 up " + RIGHT,
              "net3 missing"),
          SomeBonds.said("demo/bare", "active-backup", "", Health.DOWN));

  @TempDir Path scratch;
  private NodeScene node;

  @BeforeEach
  void aNodeWithACutCable() throws Exception {
    node = new NodeScene(scratch);
    node.pf("ens1f0", "0000:3b:00.0", false, 0);
    node.pf("ens2f0", "0000:5e:00.0", true, 0);
  }

  @Test
  void whatHangsOnWhatIsInTheLayoutOfKubectlBond() throws Exception {
    assertThat(node.run(ANSWER, "tree")).isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString())
        .isEqualTo(
            """
            this node
            |- no PF that is known
            |  |- bond0 of demo/bare  Down
            |  `- 0000:3b:02.3  net3 missing  bond0 of demo/web  Degraded
            |- PF ens1f0 (0000:3b:00.0)  no carrier
            |  `- 0000:3b:02.1  net1 down  bond0 of demo/web  Degraded
            `- PF ens2f0 (0000:5e:00.0)  carrier
               |- 0000:3b:02.2  net2 up  bond0 of demo/web  Degraded
               |- 0000:3b:02.1  net1 up  bond0 of demo/log  Healthy
               `- 0000:3b:02.2  net2 up  bond0 of demo/log  Healthy
            """
                .replace("|- ", "\u251c\u2500 ")
                .replace("`- ", "\u2514\u2500 ")
                .replace("|  ", "\u2502  "));
    assertThat(node.err.toString()).isEmpty();
  }

  @Test
  void aFilterLeavesTheRestOut() throws Exception {
    assertThat(node.run(ANSWER, "tree", "--pf", "3b:00.0")).isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString())
        .isEqualTo(
            """
            this node
            `- PF ens1f0 (0000:3b:00.0)  no carrier
               `- 0000:3b:02.1  net1 down  bond0 of demo/web  Degraded
            """
                .replace("`- ", "\u2514\u2500 "));
    assertThat(node.run(ANSWER, "tree", "--pf", "ens1f0", "--pf", "ens2f0", "--unhealthy"))
        .isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString()).contains("PF ens1f0", "PF ens2f0").doesNotContain("demo/log");
    assertThat(node.run(ANSWER, "tree", "log")).isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString()).contains("demo/log").doesNotContain("demo/web");
    assertThat(node.run(ANSWER, "tree", "log", "--unhealthy")).isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString()).isEmpty();
    assertThat(node.err.toString()).isEqualTo("podbond: no bonds found\n");
  }

  @Test
  void whatIsNotThereIsAnErrorThatNamesWhatIs() throws Exception {
    assertThat(node.run(ANSWER, "tree", "--pf", "eth9")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString())
        .contains("PF \"eth9\"", "ens1f0 (0000:3b:00.0), ens2f0 (0000:5e:00.0)");
    assertThat(node.run(ANSWER, "tree", "nobody")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString()).contains("\"nobody\"", "`podbond status` lists all");
    assertThat(node.runWithout("tree")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString()).contains("no agent answers on");
    assertThat(node.run(SomeBonds.starting(), "tree", "nobody")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString()).contains("the agent has just started");
  }

  /// As `kubectl get bondnodestates -o json` prints them.
  @Test
  void nodesOfAClusterCanBeReadFromAFile() throws Exception {
    Path file =
        Files.writeString(
            scratch.resolve("nodes.json"),
            """
            {"kind": "List", "items": [
             {"kind": "BondNodeState", "metadata": {"name": "n2"}, "status": {"bonds": []}},
             {"kind": "BondNodeState", "metadata": {"name": "n1"}, "status": {"omitted": 3,
              "pfs": [{"name": "ens1f0", "pciAddress": "0000:3b:00.0", "carrier": false},
                      {"name": "ens2f0", "pciAddress": "0000:5e:00.0", "carrier": true}, 7],
              "bonds": [{"namespace": "demo", "pod": "\\u001b<b>", "bond": "bond0",
               "mode": "active-backup", "health": "Down", "configured": 2, "members": [
                {"name": "net1", "pciAddress": "0000:3b:02.0", "state": "down",
                 "pf": "ens1f0", "pfPciAddress": "0000:3b:00.0"}]}]}}]}
            """);
    assertThat(node.runIn(Map.of(), "tree", "--from", file.toString())).isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString())
        .isEqualTo(
            """
            n1
            `- PF ens1f0 (0000:3b:00.0)  no carrier
               `- 0000:3b:02.0  net1 down  bond0 of demo/<001b><b>  Down
            n2
            """);
    assertThat(node.err.toString()).contains("node n1 has no room for 3 bonds");
    assertThat(node.runIn(Map.of(), "tree", "web", "--from", file.toString()))
        .isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString()).contains("no report has a bond of a pod \"web\"");
    assertThat(node.runIn(Map.of(), "tree", "--pf", "eth9", "--from", file.toString()))
        .isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString())
        .isEqualTo(
            "podbond: no bond of these nodes has a member on a PF \"eth9\"; their bonds have"
                + " members on ens1f0 (0000:3b:00.0)\n");
    assertThat(node.runIn(Map.of(), "tree", "--from", "/nowhere")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString()).contains("/nowhere holds no BondNodeStates that can be read");
  }

  @Test
  void theLocaleSaysWhetherItMayBeDrawn() throws Exception {
    Path file =
        Files.writeString(
            scratch.resolve("node.json"),
            "{\"kind\":\"BondNodeState\",\"metadata\":{\"name\":\"n1\"},\"status\":{\"bonds\":["
                + "{\"bond\":\"bond0\",\"pod\":\"web\"}]}}");
    String[] line = {"tree", "--from", file.toString()};
    node.runIn(Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8"), line);
    assertThat(node.out.toString()).contains("`- no PF that is known");
    node.runIn(Map.of("LC_ALL", "", "LC_CTYPE", "en_US.utf8"), line);
    assertThat(node.out.toString()).contains("\u2514\u2500 no PF that is known");
  }
}
