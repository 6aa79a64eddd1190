package dev.podbond.cli.command;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.Tag;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/// An agent that answers as a test wants, until it is closed.
final class FakeAgent implements AutoCloseable {
  private final ServerSocketChannel server;
  private final Answering answering;
  private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();
  final Queue<String> asked = new ConcurrentLinkedQueue<>();

  /// Sends what there is to say about a subject.
  interface Answering {
    void answer(String subject, FrameChannel asker) throws IOException;
  }

  FakeAgent(Path socket, Answering answering) throws IOException {
    Files.deleteIfExists(socket);
    this.answering = answering;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual().start(this::serve);
  }

  /// An agent that knows these bonds, and nothing else.
  static FakeAgent ofBonds(Path socket, Queue<String> answers) throws IOException {
    return new FakeAgent(
        socket,
        (subject, asker) -> {
          if (subject.equals("bonds")) {
            String next = answers.size() > 1 ? answers.remove() : answers.element();
            asker.send(new Answer(0, next, "").toFrame());
          } else {
            String refusal = "this agent cannot answer \"" + subject + "\"\n";
            asker.send(new Answer(1, "", refusal).toFrame());
          }
        });
  }

  private void serve() {
    while (true) {
      try {
        SocketChannel connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (FrameChannel asker = new FrameChannel(connection, 1_000)) {
      String subject = asker.receive().frame().text(Tag.SUBJECT).orElse("");
      asked.add(subject);
      answering.answer(subject, asker);
    } catch (IOException _) {
      // The asker has gone.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }
}
