package dev.podbond.cli.command;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
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
    Answer answer = ask(path(arguments), subject);
    if (answer.exitCode() != 0) {
      throw new FailureException(answer.stderr().strip());
    }
    return answer.stdout();
  }

  /// The bonds that the agent knows.
  ///
  /// @throws FailureException if no agent answers, or its answer is not understood
  static KnownBonds bonds(ParseResult arguments) throws FailureException {
    try {
      return KnownBonds.of(Json.parseObject(ask(arguments, "bonds")));
    } catch (JsonException e) {
      throw new FailureException("the agent's answer is not understood: " + e.getMessage());
    }
  }

  /// Where the agent is to answer.
  static Path path(ParseResult arguments) {
    return arguments.commandSpec().findOption(NAME).getValue();
  }

  /// A connection on which a question has been sent.
  static FrameChannel open(Path socket, String subject) throws IOException {
    FrameChannel agent =
        new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), MAX_ANSWER_BYTES);
    try {
      agent.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, subject));
      return agent;
    } catch (IOException e) {
      agent.close();
      throw e;
    }
  }

  private static Answer ask(Path socket, String subject) throws FailureException {
    try (FrameChannel agent = open(socket, subject)) {
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
