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
import java.nio.file.Path;
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
}
