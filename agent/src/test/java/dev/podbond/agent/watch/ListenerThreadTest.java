package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.serve.AgentLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ListenerThreadTest {
  private static final String END = "end";

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final AgentLog log = new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8));
  private final TransferQueue<String> news = new LinkedTransferQueue<>();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final AtomicInteger missed = new AtomicInteger();

  private void receiveNext() throws IOException {
    String next;
    try {
      next = news.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    switch (next) {
      case "failure" -> throw new IOException("ENOBUFS");
      case "defect" -> throw new IllegalStateException("of what follows");
      default -> heard.add(next);
    }
  }

  @Test
  void afterAFailureOrDefectItLogsLooksForMissedNewsAndGoesOn() throws Exception {
    ListenerThread listener =
        new ListenerThread("netlink-watch", this::receiveNext, missed::incrementAndGet, log);
    listener.start();
    for (String trouble : new String[] {"failure", "defect"}) {
      news.add(trouble);
      news.add("a change after a " + trouble);
      assertThat(heard.poll(1, TimeUnit.MINUTES)).isEqualTo("a change after a " + trouble);
    }

    assertThat(missed).hasValue(2);
    assertThat(logged.toString(StandardCharsets.UTF_8)).contains("ENOBUFS", "of what follows");
    while (!news.hasWaitingConsumer()) {
      Thread.sleep(1);
    }
    listener.end();
    news.add(END);
    listener.await(Duration.ofMinutes(1));
    assertThat(heard).containsExactly(END);
  }
}
