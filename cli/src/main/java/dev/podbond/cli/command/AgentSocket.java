package dev.podbond.cli.command;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The option `--socket`, and questions to the agent that answers there.
///
/// @param usual where it is, unless the option says otherwise
record AgentSocket(String usual) {
  private static final String NAME = "--socket";
  private static final int MAX_ANSWER_BYTES = Frame.MAX_BYTES;

  /// The socket that shims use.
  ///
  /// @param env the environment, which may name it, as for shims
  static AgentSocket in(Map<String, String> env) {
    String named = env.getOrDefault("PODBOND_SOCKET", "");
    return new AgentSocket(named.isEmpty() ? FrameChannel.DEFAULT_SOCKET : named);
  }

  OptionSpec option() {
    return OptionSpec.builder(NAME)
        .type(Path.class)
        .paramLabel("FILE")
        .defaultValue(usual)
        .description(
            "the agent's socket; else $PODBOND_SOCKET, else " + FrameChannel.DEFAULT_SOCKET)
        .build();
  }

  /// The agent's answer about a subject.
  ///
  /// @throws FailureException if no agent answers, or it has no answer
  static String ask(ParseResult arguments, String subject) throws FailureException {
    Path socket = arguments.commandSpec().findOption(NAME).getValue();
    Answer answer = ask(socket, subject);
    if (answer.exitCode() != 0) {
      throw new FailureException(answer.stderr().strip());
    }
    return answer.stdout();
  }

  private static Answer ask(Path socket, String subject) throws FailureException {
    try (FrameChannel agent =
        new FrameChannel(
            SocketChannel.open(UnixDomainSocketAddress.of(socket)), MAX_ANSWER_BYTES)) {
      agent.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, subject));
      return Answer.of(agent.receive().frame());
    } catch (IOException e) {
      throw new FailureException(
          "no agent answers on "
              + socket
              + ": "
              + IoReason.of(e)
              + "; look at `systemctl status podbond-agent`");
    }
  }
}
