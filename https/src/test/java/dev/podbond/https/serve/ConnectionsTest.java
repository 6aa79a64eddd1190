package dev.podbond.https.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Who gives way, with sockets that are connected to nobody.
final class ConnectionsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void whoIsSentAGoodAnswerGivesWayLastAndWhoIsAtWorkNever() {
    try (Connections connections = new Connections(Limits.withoutBodies(4, LONG))) {
      Connection atWork = connections.admit(new Socket());
      atWork.atWork(true);
      Connection taking = connections.admit(new Socket());
      taking.sendsGoodAnswer();
      Connection known = connections.admit(new Socket());
      known.sendsGoodAnswer();
      known.hasSent();
      Connection stranger = connections.admit(new Socket());

      List<Boolean> gone = new ArrayList<>();
      for (Connection next : List.of(stranger, known, taking)) {
        // The new one stays, as if it were at work.
        connections.admit(new Socket()).atWork(true);
        gone.add(next.socket().isClosed());
      }

      assertThat(gone).containsOnly(true);
      assertThat(atWork.socket().isClosed()).isFalse();
      assertThat(connections.size()).isEqualTo(4);
    }
  }

  /// Otherwise each newcomer, the API server for one, would make room for somebody who is known and
  /// sends one body after the other.
  @Test
  void forBytesWhoeverIsQuietForLongestGivesWayThoughHeHadAGoodAnswer() {
    try (Connections connections = new Connections(new Limits(9, LONG, LONG, 10, 20, 10, 10))) {
      Connection known = connections.admit(new Socket());
      known.sendsGoodAnswer();
      known.hasSent();
      Connection another = connections.admit(new Socket());
      assertThat(connections.reserve(known, 10)).isTrue();
      assertThat(connections.reserve(another, 10)).isTrue();
      Connection newcomer = connections.admit(new Socket());

      assertThat(connections.reserve(newcomer, 10)).isTrue();
      assertThat(known.socket().isClosed()).isTrue();
      assertThat(another.socket().isClosed()).isFalse();
    }
  }

  /// Where everybody gets a good answer, he could hold all places by it.
  @Test
  void whoHadAGoodAnswerIsSparedInHalfOfThePlacesOnly() {
    try (Connections connections = new Connections(Limits.withoutBodies(4, LONG))) {
      List<Connection> known = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        known.add(connections.admit(new Socket()));
        known.getLast().sendsGoodAnswer();
        known.getLast().hasSent();
      }
      Connection stranger = connections.admit(new Socket());

      Connection _ = connections.admit(new Socket());
      assertThat(known.getFirst().socket().isClosed()).isTrue();
      assertThat(stranger.socket().isClosed()).isFalse();

      Connection _ = connections.admit(new Socket());
      assertThat(stranger.socket().isClosed()).isTrue();
      assertThat(known.getLast().socket().isClosed()).isFalse();
    }
  }

  @Test
  void whatFailsForOneConnectionKeepsNoOtherOpen() throws Exception {
    try (Connections connections = new Connections(Limits.withoutBodies(4, Duration.ofMillis(1)))) {
      connections.admit(
          new Socket() {
            @Override
            public synchronized void close() {
              throw new InternalError("as it is meant to");
            }
          });
      awaitNone(connections);
      connections.admit(new Socket());
      awaitNone(connections);
    }
  }

  private static void awaitNone(Connections connections) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (connections.size() > 0) {
      assertThat(System.nanoTime()).as("a minute is over").isLessThan(end);
      Thread.sleep(10);
    }
  }
}
