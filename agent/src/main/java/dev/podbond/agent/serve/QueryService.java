package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// Answers questions on a socket of their own, to which any process may connect that can enter its
/// directory. It takes nothing but a question, so nobody can change anything through it.
public final class QueryService implements Strangers.Conversation {
  /// No question is longer.
  private static final int MOST_BYTES = 256;

  private static final String NEWS = "news";

  private final Function<String, Frame> answers;
  private final News news;

  private QueryService(Function<String, Frame> answers, News news) {
    this.answers = answers;
    this.news = news;
  }

  /// Opens the socket and answers until what this returns is closed.
  ///
  /// @param answers the answer to the question about a subject
  /// @param news has the connections of those who ask for it
  /// @throws IOException if the socket cannot be there
  public static Strangers start(
      Path socket, Function<String, Frame> answers, News news, AgentLog log) throws IOException {
    return start(socket, answers, news, Strangers.Limits.USUAL, log);
  }

  static Strangers start(
      Path socket,
      Function<String, Frame> answers,
      News news,
      Strangers.Limits limits,
      AgentLog log)
      throws IOException {
    return Strangers.serve(
        ShimListener.openToEverybody(socket), new QueryService(answers, news), limits, log);
  }

  @Override
  @SuppressWarnings("resource") // the connection is closed by whoever opened it
  public Strangers.Reply listen(SocketChannel connection) throws IOException {
    FrameChannel asker = new FrameChannel(connection, MOST_BYTES);
    FrameChannel.Received question = asker.receive();
    return isFor(question, NEWS)
        ? () -> keep(connection, asker)
        : () -> {
          asker.send(answer(question));
          return Strangers.After.CLOSE;
        };
  }

  private Strangers.After keep(SocketChannel connection, FrameChannel asker) throws IOException {
    if (news.keep(connection)) {
      return Strangers.After.KEPT;
    }
    asker.send(
        new Answer(
                1,
                "",
                "this agent has "
                    + News.MOST_LISTENERS
                    + " listeners already, which is the most; ask \"bonds\" from time to time\n")
            .toFrame());
    return Strangers.After.CLOSE;
  }

  private static boolean isQuestion(FrameChannel.Received received) {
    return received.frame().knownKind().equals(Optional.of(FrameKind.QUERY)) && !received.tooLong();
  }

  private static boolean isFor(FrameChannel.Received received, String subject) {
    return isQuestion(received) && received.frame().text(Tag.SUBJECT).equals(Optional.of(subject));
  }

  private Frame answer(FrameChannel.Received question) {
    Frame frame = question.frame();
    return isQuestion(question)
        ? answers.apply(frame.text(Tag.SUBJECT).orElse(""))
        : Frame.of(FrameKind.UNSUPPORTED).withU8(Tag.KIND, frame.kind());
  }
}
