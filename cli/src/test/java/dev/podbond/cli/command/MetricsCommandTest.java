package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.Tag;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `podbond metrics` asks an agent, and prints.
final class MetricsCommandTest {
  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new ArrayList<>();

  private int run(String... arguments) {
    return run(out, arguments);
  }

  private int run(Writer output, String... arguments) {
    Console console = new Console(new PrintWriter(output, true), new PrintWriter(err, true));
    Path socket = scratch.resolve("agent.sock");
    return new Root(console, Map.of("PODBOND_SOCKET", socket.toString()), Optional.empty())
        .run(Stream.concat(Stream.of("metrics"), Stream.of(arguments)).toArray(String[]::new));
  }

  private int metrics(Answer answer, String... arguments) throws Exception {
    return metrics(out, answer, arguments);
  }

  private int metrics(Writer output, Answer answer, String... arguments) throws Exception {
    Path socket = scratch.resolve("agent.sock");
    Files.deleteIfExists(socket);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread agent =
          Thread.ofVirtual()
              .start(() -> {
                try (FrameChannel podbond = new FrameChannel(server.accept(), 1_000)) {
                  asked.add(podbond.receive().frame().text(Tag.SUBJECT).orElse(""));
                  podbond.send(answer.toFrame());
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      int code = run(output, arguments);
      agent.join();
      return code;
    }
  }

  @Test
  void theTextIsPrintedAsItIs() throws Exception {
    String text = "# TYPE x gauge\nx{pod=\"a\\\"b\"} 1\n";
    assertThat(metrics(new Answer(0, text, ""))).isEqualTo(ExitCodes.DONE);
    assertThat(metrics(new Answer(0, text, ""), "--detail", "bond")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).isEqualTo(text + text);
    assertThat(asked).containsExactly("metrics member", "metrics bond");
  }

  @Test
  void whatIsNoTextOfOursCommandsNoTerminal() throws Exception {
    assertThat(metrics(new Answer(0, "\u001b[2J\n", ""))).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).isEqualTo("<001b>[2J\n");
  }

  /// As a disk that is full: whoever puts the output in the place of the last one must not.
  @Test
  void whatCannotBeWrittenIsAFailure() throws Exception {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    assertThat(metrics(full, new Answer(0, "x 1\n", ""))).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).contains("could not be written");
  }

  /// As that of an earlier release.
  @Test
  void anAgentThatHasNoMetricsSaysSo() throws Exception {
    String refusal = "this agent cannot answer \"metrics member\"\n";
    assertThat(metrics(new Answer(1, "", refusal))).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).contains("cannot answer");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void whatIsMissingOrWrongIsSaid() {
    assertThat(run()).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).contains("no agent answers on " + scratch.resolve("agent.sock"));
    assertThat(run("--detail", "packets")).isEqualTo(2);
    assertThat(err.toString()).contains("--detail packets is none of bond, member, traffic");
  }
}
