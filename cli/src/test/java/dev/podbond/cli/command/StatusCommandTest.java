package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.FrameChannel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How `podbond status` shows an agent's answer.
final class StatusCommandTest {
  private static final String BOND =
      """
      {"pod": "demo/a", "bond": "bond0", "mode": "active-backup", "active": "net1",
       "healthy": %s, "problems": [%s],
       "members": [{"name": "net1", "mii": "up", "failures": 0}]}
      """;

  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int status(String answer, String... arguments) throws Exception {
    String[] all =
        Stream.concat(
                Stream.of("--socket", scratch.resolve("agent.sock").toString()),
                Stream.of(arguments))
            .toArray(String[]::new);
    return statusIn(Map.of("PODBOND_SOCKET", "/nowhere"), answer, all);
  }

  private int statusIn(Map<String, String> env, String answer, String... arguments)
      throws Exception {
    Path socket = scratch.resolve("agent.sock");
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread agent =
          Thread.ofVirtual()
              .start(() -> {
                try (FrameChannel podbond = new FrameChannel(server.accept(), 1_000)) {
                  var _ = podbond.receive();
                  podbond.send(new Answer(0, answer, "").toFrame());
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
      String[] command =
          Stream.concat(Stream.of("status"), Stream.of(arguments)).toArray(String[]::new);
      int code = new Root(console, env, Optional.empty()).run(command);
      agent.join();
      return code;
    }
  }

  @Test
  void whatTheAgentCannotSeeIsSaidBesideTheBonds() throws Exception {
    String answer =
        "{\"bonds\": ["
            + BOND.formatted("true", "")
            + "], \"limits\": [\"no inotify instance is left; \\u001b[2J\"]}";

    assertThat(status(answer)).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).contains("demo/a", "bond0").doesNotContain("inotify");
    assertThat(err.toString())
        .startsWith("podbond: warning: no inotify instance is left; ")
        .doesNotContain("\u001b");
  }

  @Test
  void whatAProgramReadsStaysTheListOfBonds() throws Exception {
    String answer =
        "{\"bonds\": [" + BOND.formatted("true", "") + "], \"limits\": [\"nothing is seen\"]}";

    assertThat(status(answer, "-o", "json")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).startsWith("[").doesNotContain("nothing is seen");
    assertThat(err.toString()).contains("nothing is seen");
  }

  @Test
  void theAgentIsAskedWhereShimsAreToldToFindIt() throws Exception {
    Map<String, String> env = Map.of("PODBOND_SOCKET", scratch.resolve("agent.sock").toString());
    String answer = "{\"bonds\": [" + BOND.formatted("true", "") + "], \"limits\": []}";
    assertThat(statusIn(env, answer)).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).contains("demo/a");
  }

  /// As for a shim, which treats it as unset.
  @Test
  void anEmptySocketInTheEnvironmentIsTheUsualOne() {
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
    String help = "status --help";
    new Root(console, Map.of("PODBOND_SOCKET", ""), Optional.empty()).run(help.split(" "));
    assertThat(out.toString()).contains("/run/podbond/agent.sock");
    new Root(console, Map.of("PODBOND_SOCKET", ""), Optional.empty()).run("status", "-o", "json");
    assertThat(err.toString()).contains("/run/podbond/agent.sock");
  }

  @Test
  void whatAProgramReadsCommandsNoTerminalEither() throws Exception {
    String problem = "\"\\u009b2J\\u202egro\\u00df\"";
    String answer = "{\"bonds\": [" + BOND.formatted("false", problem) + "], \"limits\": []}";
    assertThat(status(answer, "-o", "json")).isEqualTo(ExitCodes.FAILED);
    assertThat(out.toString()).contains("\"\\u009b2J\\u202egro\u00df\"");
  }

  @Test
  void aBondWithAProblemShowsItAndEndsWith1() throws Exception {
    String answer =
        "{\"bonds\": ["
            + BOND.formatted("false", "\"another host has its address fd00::7\"")
            + "], \"limits\": []}";

    assertThat(status(answer)).isEqualTo(ExitCodes.FAILED);
    assertThat(out.toString()).contains("another host has its address fd00::7");
    assertThat(err.toString()).isEmpty();
  }

  private static final String STORY =
      """
      {"bonds": [
       {"pod": "demo/web", "container": "c1", "ifname": "net3", "network": "storage",
        "bond": "bond0", "mode": "active-backup", "monitoring": "miimon",
        "healthy": false, "health": "Degraded",
        "problems": ["member net1 has no link", "2 of 3 members are in the bond, without net3"],
        "active": "net2", "carrier": true, "configured": 3,
        "members": [
         {"name": "net1", "mii": "down", "failures": 1, "pci": "0000:01:10.0", "pf": "ens1f0",
          "pfPci": "0000:01:00.0", "driver": "igbvf"},
         {"name": "net2", "mii": "up", "failures": 0},
         {"name": "net3", "mii": "missing"}],
        "since": "2026-01-02T03:05:05Z",
        "transitions": [
         {"at": "2026-01-02T03:04:05Z", "change": "member net3 left", "cause": ""},
         {"at": "2026-01-02T03:05:05Z", "change": "active member net1 -> net2, member net1 down",
          "cause": "PF ens1f0 (0000:01:00.0) has no carrier"}]},
       {"pod": "demo/other", "container": "c2", "bond": "uplink", "mode": "active-backup",
        "healthy": true, "health": "Healthy", "problems": [], "members": [],
        "since": "2026-01-02T03:04:05Z", "transitions": []}],
       "pfs": [
        {"name": "ens1f0", "pci": "0000:01:00.0",
         "upstream": {"state": "bad", "why": "LACP of the host's bond up0: no partner"},
         "neighbour": {"chassis": "00:1c:73:aa:bb:01", "port": "Ethernet1/1",
          "systemName": "spine-1"}},
        {"name": "ens2f0", "pci": "0000:02:00.0", "upstream": {"state": "good"}}],
       "limits": []}
      """;

  private static final String UPSTREAM =
      "upstream of PF ens1f0 (0000:01:00.0): bad, LACP of the host's bond up0: no partner\n";

  /// Only who has a member there is the worse for it.
  @Test
  void aDeadUplinkIsToldOfWhereBondsDependOnIt() throws Exception {
    assertThat(status(STORY)).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).isEqualTo("podbond: warning: " + UPSTREAM);
    err.getBuffer().setLength(0);
    assertThat(status(STORY, "demo/other")).isEqualTo(ExitCodes.DONE);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void thatADriverRefusesLinkStatesIsToldWithTheUplink() throws Exception {
    String refused =
        STORY.replace(
            "\"upstream\": {\"state\": \"bad\"",
            "\"vfLinkStateRefused\": \"EOPNOTSUPP\", \"upstream\": {\"state\": \"bad\"");
    assertThat(status(refused)).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).endsWith(": no partner; its VFs keep their link: EOPNOTSUPP\n");
  }

  @Test
  void ofOneBondAllIsShownThatPeopleAskNext() throws Exception {
    assertThat(status(STORY, "demo/web")).isEqualTo(ExitCodes.FAILED);
    assertThat(out.toString())
        .isEqualTo(
            """
            bond bond0 of pod demo/web: Degraded since 2026-01-02T03:05:05Z
              network storage, mode active-backup, monitoring miimon, active net2
              problem: member net1 has no link
              problem: 2 of 3 members are in the bond, without net3
              member net1: down, 1 link failure, 0000:01:10.0 (igbvf) of PF ens1f0 (0000:01:00.0)
              member net2: up, 0 link failures
              member net3: missing
              2026-01-02T03:05:05Z active member net1 -> net2, member net1 down: PF ens1f0 (0000:01:00.0) has no carrier
              2026-01-02T03:04:05Z member net3 left
            """
                + UPSTREAM
                + "neighbour of PF ens1f0 (0000:01:00.0): spine-1 (00:1c:73:aa:bb:01), port"
                + " Ethernet1/1\n");
  }

  @Test
  void aBondIsFoundByPodByItsNameAndByItsContainer() throws Exception {
    String other =
        """
        bond uplink of pod demo/other: Healthy since 2026-01-02T03:04:05Z
          network -, mode active-backup, monitoring -
          no change since the agent first saw it
        """;
    for (String wanted : List.of("demo/other", "other", "uplink", "c2")) {
      out.getBuffer().setLength(0);
      assertThat(status(STORY, wanted)).as(wanted).isEqualTo(ExitCodes.DONE);
      assertThat(out.toString()).as(wanted).isEqualTo(other);
    }
    assertThat(status(STORY, "uplink", "-o", "json")).isEqualTo(ExitCodes.DONE);
    assertThat(status(STORY, "nobody")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).contains("knows no bond of a pod \"nobody\"");
  }

  @Test
  void theTableHasRoomForNoHardware() throws Exception {
    assertThat(status(STORY)).isEqualTo(ExitCodes.FAILED);
    assertThat(out.toString())
        .isEqualTo(
            """
            POD          BOND     MODE            ACTIVE   MEMBERS                                PROBLEMS
            demo/web     bond0    active-backup   net2     net1 down 1, net2 up 0, net3 missing   member net1 has no link, 2 of 3 members are in the bond, without net3
            demo/other   uplink   active-backup   -        -                                      -
            """);
  }

  @Test
  void whatABondSurvivesIsInTheWideTableAndInItsStory() throws Exception {
    String answer =
        "{\"bonds\": ["
            + BOND.formatted("true", "").strip().replaceAll("}$", ", \"survives\": [")
            + "{\"failure\": \"port\", \"answer\": \"Yes\", \"how\": \"PCIAddress\"},"
            + "{\"failure\": \"card\", \"answer\": \"No\", \"how\": \"PCIAddress\","
            + " \"shared\": \"0000:3b:00\"}]}], \"limits\": []}";

    assertThat(status(answer)).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).doesNotContain("SURVIVES");
    assertThat(status(answer, "-o", "wide")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString().lines().toList())
        .anyMatch(line -> line.endsWith("SURVIVES"))
        .anyMatch(line -> line.endsWith("   port"));
    assertThat(status(answer, "demo/a")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString())
        .contains("  survives port: yes, by the PCI address\n")
        .contains("  survives card: no, by the PCI address 0000:3b:00\n")
        .contains("  survives switch: unknown\n");
  }

  @Test
  void ofAnAgentThatDoesNotSayItNothingIsKnown() throws Exception {
    String answer = "{\"bonds\": [" + BOND.formatted("true", "") + "], \"limits\": []}";
    assertThat(status(answer, "-o", "wide")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).contains("unknown");
    assertThat(status(answer, "demo/a")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).doesNotContain("survives");
  }
}
