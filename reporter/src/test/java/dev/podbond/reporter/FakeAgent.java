package dev.podbond.reporter;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.Tag;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// An agent's socket for questions, with answers of the test's choice.
final class FakeAgent implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;
  private final List<FrameChannel> listeners = new ArrayList<>();
  private volatile String bonds = "{\"bonds\": []}";
  private volatile boolean tellsNews = true;
  private volatile int asked;
  private volatile int askedForNews;

  FakeAgent(Path socket) throws IOException {
    this.socket = socket;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofPlatform().daemon().start(this::serve);
  }

  AgentSocket socket() {
    return new AgentSocket(socket);
  }

  void answer(String text) {
    bonds = text;
  }

  /// Like [#answer], and tells its listeners.
  void change(String text) throws IOException {
    bonds = text;
    synchronized (listeners) {
      for (FrameChannel listener : listeners) {
        listener.send(new Answer(0, "{\"revision\":2}\n", "").toFrame());
      }
    }
  }

  void tellNoNews() {
    tellsNews = false;
  }

  /// How often it was asked for its bonds.
  int asked() {
    return asked;
  }

  int askedForNews() {
    return askedForNews;
  }

  private void serve() {
    while (server.isOpen()) {
      try {
        FrameChannel asker = new FrameChannel(server.accept(), 1024);
        Frame question = asker.receive().frame();
        boolean news = question.text(Tag.SUBJECT).orElse("").equals("news");
        if (news && tellsNews) {
          asker.send(new Answer(0, "{\"revision\":1}\n", "").toFrame());
          synchronized (listeners) {
            listeners.add(asker);
          }
          askedForNews++;
        } else if (news) {
          askedForNews++;
          asker.send(new Answer(1, "", "no more listeners\n").toFrame());
          asker.close();
        } else {
          asked++;
          asker.send(new Answer(0, bonds, "").toFrame());
          asker.close();
        }
      } catch (IOException _) {
        // Closed, or its asker is gone.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
    synchronized (listeners) {
      for (FrameChannel listener : listeners) {
        listener.close();
      }
    }
  }
}
