package dev.podbond.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.observed.News;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EventWritesTest {
  private final BlockingQueue<String> created = new LinkedBlockingQueue<>();

  private static News of(String namespace, String name) {
    return new News(new News.Pod(namespace, name, "uid", "n1"), true, "BondDown", "down");
  }

  /// As by a webhook of its owner's, which answers nothing.
  @Test
  void aNamespaceWhoseEventsTakeLongHoldsUpNoOther() throws Exception {
    CountDownLatch allowed = new CountDownLatch(1);
    try (EventWrites events =
        new EventWrites(event -> {
          if (event.getMetadata().getNamespace().equals("slow")) {
            await(allowed);
          }
          created.add(event.getInvolvedObject().getName());
        })) {
      for (int i = 0; i < 100; i++) {
        events.tell(of("slow", "slow-" + i));
      }
      events.tell(of("demo", "web"));

      assertThat(created.poll(1, TimeUnit.MINUTES)).isEqualTo("web");
      allowed.countDown();
      assertThat(created.poll(1, TimeUnit.MINUTES)).startsWith("slow-");
    }
  }

  @Test
  void newsOfANodeWaitForThoseOfNoPod() throws Exception {
    CountDownLatch allowed = new CountDownLatch(1);
    try (EventWrites events =
        new EventWrites(event -> {
          if (event.getInvolvedObject().getKind().equals("Pod")) {
            await(allowed);
          }
          created.add(event.getInvolvedObject().getName());
        })) {
      events.tell(of("one", "web"));
      events.tell(of("two", "web"));
      events.tell(new News(new News.Node("n1"), true, "PfDown", "down"));

      assertThat(created.poll(1, TimeUnit.MINUTES)).isEqualTo("n1");
      allowed.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
