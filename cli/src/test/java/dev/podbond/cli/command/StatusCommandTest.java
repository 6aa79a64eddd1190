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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `podbond status` makes of an agent's answer.
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
      String[] command = new String[3 + arguments.length];
      command[0] = "status";
      command[1] = "--socket";
      command[2] = socket.toString();
      System.arraycopy(arguments, 0, command, 3, arguments.length);
      int code = new Root(console, Map.of(), Optional.empty()).run(command);
      agent.join();
      return code;
    }
  }

  @Test
  void what_the_agent_cannot_see_is_said_beside_the_bonds() throws Exception {
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
  void what_a_program_reads_stays_the_list_of_bonds() throws Exception {
    String answer =
        "{\"bonds\": [" + BOND.formatted("true", "") + "], \"limits\": [\"nothing is seen\"]}";

    assertThat(status(answer, "-o", "json")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).startsWith("[").doesNotContain("nothing is seen");
    assertThat(err.toString()).contains("nothing is seen");
  }

  @Test
  void a_bond_with_a_problem_shows_it_and_ends_with_1() throws Exception {
    String answer =
        "{\"bonds\": ["
            + BOND.formatted("false", "\"another host has its address fd00::7\"")
            + "], \"limits\": []}";

    assertThat(status(answer)).isEqualTo(ExitCodes.FAILED);
    assertThat(out.toString()).contains("another host has its address fd00::7");
    assertThat(err.toString()).isEmpty();
  }
}
