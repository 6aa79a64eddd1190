package dev.podbond.cli.command;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.agent.wire.TimeLimit;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The option `--socket`, and questions to the agent that answers there.
///
/// @param usual where it is, unless the option says otherwise
record AgentSocket(String usual) {
  private static final String NAME = "--socket";
  private static final int MAX_ANSWER_BYTES = Frame.MAX_BYTES;

  /// The time for a question and its whole answer. An agent answers within milliseconds, and of
  /// metrics within a second more; one that is busy with its start or out of memory needs some.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// The socket that shims use.
  ///
  /// @param env the environment, which may name it, as for shims
  static AgentSocket in(Map<String, String> env) {
    String named = env.getOrDefault("PODBOND_SOCKET", "");
    return new AgentSocket(named.isEmpty() ? FrameChannel.DEFAULT_SOCKET : named);
  }

  /// A command of that name that asks the agent.
  CommandSpec command(String name) {
    return HelpOptions.command(name)
        .addOption(
            OptionSpec.builder(NAME)
                .type(Path.class)
                .paramLabel("FILE")
                .defaultValue(usual)
                .description(
                    "the agent's socket; else $PODBOND_SOCKET, else " + FrameChannel.DEFAULT_SOCKET)
                .build());
  }

  /// The agent's answer about a subject.
  ///
  /// @throws NotAllowedException if this process may not ask there
  /// @throws FailureException if no agent answers in 10 s, or it has no answer
  static String ask(ParseResult arguments, String subject) throws FailureException {
    return ask(arguments, subject, LIMIT);
  }

  /// As [#ask(ParseResult, String)], within so long.
  static String ask(ParseResult arguments, String subject, Duration limit) throws FailureException {
    Answer answer = ask(path(arguments), subject, limit);
    if (answer.exitCode() != 0) {
      throw new FailureException(answer.stderr().strip());
    }
    return answer.stdout();
  }

  /// The bonds that the agent knows.
  ///
  /// @throws NotAllowedException if this process may not ask there
  /// @throws FailureException if no agent answers in 10 s, or its answer is not understood
  static KnownBonds bonds(ParseResult arguments) throws FailureException {
    return bonds(arguments, LIMIT);
  }

  /// As [#bonds], within so long if that is less than 10 s.
  static KnownBonds bonds(ParseResult arguments, Duration atMost) throws FailureException {
    try {
      Duration limit = atMost.compareTo(LIMIT) < 0 ? atMost : LIMIT;
      return KnownBonds.of(Json.parseObject(ask(arguments, "bonds", limit)));
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

  private static Answer ask(Path socket, String subject, Duration limit) throws FailureException {
    try {
      return TimeLimit.ofChannel(
          limit,
          () -> {
            try (FrameChannel agent = open(socket, subject)) {
              return Answer.of(agent.receive().frame());
            }
          });
    } catch (IOException e) {
      throw failure(socket, e);
    }
  }

  static FailureException failure(Path socket, IOException e) {
    // What Java makes of EACCES, for connect(2) too.
    return e instanceof BindException
        ? new NotAllowedException(
            "the agent cannot be asked on " + socket + ": " + IoReason.of(e) + "; ask as root")
        : new FailureException(
            "no agent answers on "
                + socket
                + ": "
                + IoReason.of(e)
                + "; look at `systemctl status podbond-agent`");
  }
}
