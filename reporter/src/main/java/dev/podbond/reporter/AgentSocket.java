package dev.podbond.reporter;

import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.MalformedFrameException;
import dev.podbond.agent.wire.Tag;
import dev.podbond.agent.wire.TimeLimit;
import dev.podbond.metrics.Detail;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The agent's socket for questions.
record AgentSocket(Path path) {
  /// The agent's limit of an answer there, and room for what is around it.
  private static final int MOST_BYTES = 2 * 1024 * 1024 + 64 * 1024;

  private static final int MOST_NEWS_BYTES = 4096;

  /// The time for the question and its whole answer. An agent answers within milliseconds; one that
  /// does not in so long is as if it were not there.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// What the agent says of its bonds, as JSON.
  ///
  /// @throws IOException if it does not answer in time, or has no answer
  byte[] bonds() throws IOException {
    return bonds(LIMIT);
  }

  byte[] bonds(Duration limit) throws IOException {
    return TimeLimit.ofChannel(limit, this::askForBonds);
  }

  private byte[] askForBonds() throws IOException {
    return answerTo("bonds")
        .orElseThrow(() -> new IOException("the agent does not say which bonds there are"));
  }

  /// The metrics of a level, in Prometheus' format.
  ///
  /// @throws IOException if it does not answer in time, or has no answer
  byte[] metrics(Detail detail) throws IOException {
    return metrics(detail, LIMIT);
  }

  byte[] metrics(Detail detail, Duration limit) throws IOException {
    return TimeLimit.ofChannel(
        limit,
        () ->
            answerTo("metrics " + detail)
                .orElseThrow(() -> new IOException("it has no metrics of this level")));
  }

  private Optional<byte[]> answerTo(String subject) throws IOException {
    try (FrameChannel agent = ask(subject, MOST_BYTES)) {
      FrameChannel.Received answer = agent.receive();
      if (answer.tooLong()) {
        throw new IOException("the agent's answer is longer than " + MOST_BYTES + " octets");
      }
      return answer(answer.frame());
    }
  }

  /// A connection on which the agent tells that its bonds have changed.
  FrameChannel news() throws IOException {
    return ask("news", MOST_NEWS_BYTES);
  }

  private FrameChannel ask(String subject, int mostBytes) throws IOException {
    FrameChannel agent =
        new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(path)), mostBytes);
    try {
      agent.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, subject));
      return agent;
    } catch (IOException | RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  /// The content of an ANSWER; empty if the agent has none, or does not know the question.
  static Optional<byte[]> answer(Frame frame) throws MalformedFrameException {
    return frame.knownKind().filter(FrameKind.ANSWER::equals).isPresent()
            && frame.number(Tag.EXIT, 1) == 0
        ? Optional.of(frame.bytes(Tag.STDOUT).orElseGet(() -> new byte[0]))
        : Optional.empty();
  }
}
