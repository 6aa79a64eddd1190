package dev.podbond.agent.serve;

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

  private final Function<String, Frame> answers;

  private QueryService(Function<String, Frame> answers) {
    this.answers = answers;
  }

  /// Opens the socket and answers until what this returns is closed.
  ///
  /// @param answers the answer to the question about a subject
  /// @throws IOException if the socket cannot be there
  public static Strangers start(Path socket, Function<String, Frame> answers, AgentLog log)
      throws IOException {
    return start(socket, answers, Strangers.Limits.USUAL, log);
  }

  static Strangers start(
      Path socket, Function<String, Frame> answers, Strangers.Limits limits, AgentLog log)
      throws IOException {
    return Strangers.serve(
        ShimListener.openToEverybody(socket), new QueryService(answers), limits, log);
  }

  @Override
  @SuppressWarnings("resource") // the connection is closed by whoever opened it
  public Strangers.Reply listen(SocketChannel connection) throws IOException {
    FrameChannel asker = new FrameChannel(connection, MOST_BYTES);
    FrameChannel.Received question = asker.receive();
    return () -> asker.send(answer(question));
  }

  private Frame answer(FrameChannel.Received question) {
    Frame frame = question.frame();
    return frame.knownKind().equals(Optional.of(FrameKind.QUERY)) && !question.tooLong()
        ? answers.apply(frame.text(Tag.SUBJECT).orElse(""))
        : Frame.of(FrameKind.UNSUPPORTED).withU8(Tag.KIND, frame.kind());
  }
}
