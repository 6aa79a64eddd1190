package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `podbond describe` prints.
final class DescribeCommandTest {
  private static final JsonObject WEB =
      SomeBonds.with(
          SomeBonds.said(
              "demo/web",
              "active-backup",
              "net2",
              Health.DEGRADED,
              "net1 down ens1f0 0000:3b:00.0",
              "net2 up ens2f0 0000:5e:00.0",
              "net3 missing"),
          "2026-01-02T03:03:05Z|member net3 left|",
          "2026-01-02T03:04:05Z|member net1 down|PF ens1f0 (0000:3b:00.0) has no carrier");
  private static final JsonObject LOG =
      SomeBonds.said("demo/log", "802.3ad", "", Health.HEALTHY, "net1 up");

  @TempDir Path scratch;
  private NodeScene node;

  @BeforeEach
  void aNodeWithACutCable() throws Exception {
    node = new NodeScene(scratch);
    node.pf("ens1f0", "0000:3b:00.0", false, 2);
    node.pf("ens2f0", "0000:5e:00.0", true, 2);
  }

  @Test
  void allThatIsKnownOfABondIsInTheLayoutOfKubectlBond() throws Exception {
    assertThat(node.run(SomeBonds.answer(WEB, LOG), "describe", "demo/web"))
        .isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString())
        .isEqualTo(
            """
            Pod:         demo/web
            Container:   c-demo/web
            Interface:   net3
            Bond:        bond0
            Network:     storage
            Mode:        active-backup
            Monitoring:  miimon
            Health:      Degraded, since 2026-01-02T03:04:05Z (55m ago)
            Cause:       PF ens1f0 (0000:3b:00.0) has no carrier
            Active:      net2
            Members:     1 of 3 up
              NAME   STATE     PCI            DRIVER   PF       PF-PCI         CARRIER   FAILURES
              net1   down      0000:3b:02.1   iavf     ens1f0   0000:3b:00.0   no        0
              net2   up        0000:3b:02.2   iavf     ens2f0   0000:5e:00.0   yes       0
              net3   missing   0000:3b:02.3   -        -        -              -         0
            Problems:
              something is wrong
            Changes:
              AT                     CHANGE             CAUSE
              2026-01-02T03:04:05Z   member net1 down   PF ens1f0 (0000:3b:00.0) has no carrier
              2026-01-02T03:03:05Z   member net3 left   -
            """);
    assertThat(node.err.toString()).isEmpty();
  }

  @Test
  void whatABondSurvivesIsTherePartByPart() throws Exception {
    JsonArray answers =
        JsonArray.of(
            Json.parseObject(
                """
                {"failure": "port", "answer": "Yes", "how": "PCIAddress"}\
                """),
            Json.parseObject(
                """
                {"failure": "card", "answer": "No", "how": "PCIAddress", "shared": "0000:3b:00"}\
                """));

    assertThat(node.run(SomeBonds.answer(LOG.with("survives", answers)), "describe", "demo/log"))
        .isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString())
        .contains(
            """
            Survives:    port
            Members:\
            """,
            """
            With all members up it survives:
              FAILURE   ANSWER   KNOWN-BY     SHARED
              port      Yes      PCIAddress   -
              card      No       PCIAddress   0000:3b:00
            """);
  }

  @Test
  void severalBondsOfANameFollowEachOther() throws Exception {
    assertThat(node.run(SomeBonds.answer(WEB, LOG), "describe", "bond0")).isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString())
        .contains("demo/web", "\n\nPod:         demo/log\n")
        .endsWith("  net1   up      0000:3b:02.1   -        -    -        -         0\n");
  }

  @Test
  void whereNothingIsKnownTheNextStepIsSaid() throws Exception {
    assertThat(node.run(SomeBonds.answer(LOG), "describe", "nobody")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString())
        .contains("knows no bond of a pod \"nobody\"", "`podbond diagnose nobody`");
    assertThat(node.run(SomeBonds.starting(), "describe", "nobody")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString()).contains("the agent has just started");
    assertThat(node.run(SomeBonds.answer(LOG), "describe")).isEqualTo(ExitCodes.USAGE);
    assertThat(node.runWithout("describe", "demo/web")).isEqualTo(ExitCodes.FAILED);
    assertThat(node.err.toString()).contains("no agent answers on");
  }

  @Test
  void noNameIsAnOrderToTheTerminalOrALineOfItsOwn() throws Exception {
    JsonObject hostile =
        SomeBonds.with(
            SomeBonds.said(
                "demo/\u001b[2J\nHealth: Healthy",
                "x\u202e",
                "n\n",
                Health.DOWN,
                "net1\u009b down"),
            "\n|\u0007|\u001b]0;");
    assertThat(node.run(SomeBonds.answer(hostile), "describe", "bond0")).isEqualTo(ExitCodes.DONE);
    assertThat(node.out.toString())
        .contains("demo/<001b>[2J<000a>Health: Healthy")
        .doesNotContain("\u001b", "\u202e", "\u009b", "\u0007");
    assertThat(node.out.toString().lines().filter(line -> line.startsWith("Health:"))).hasSize(1);
  }
}
