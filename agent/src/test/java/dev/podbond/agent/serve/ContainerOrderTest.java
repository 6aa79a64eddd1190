package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ContainerOrderTest {
  private final ContainerOrder order = new ContainerOrder();

  @Test
  void workOnOneContainerRunsInOrderOfArrival() throws Exception {
    List<Integer> done = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    try (ContainerOrder.Held _ = order.enter("c")) {
      for (int i = 0; i < 20; i++) {
        int number = i;
        Thread thread =
            Thread.ofPlatform()
                .start(() -> {
                  try (ContainerOrder.Held _ = order.enter("c")) {
                    done.add(number);
                  }
                });
        threads.add(thread);
        while (thread.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
      assertThat(done).isEmpty();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(done).isSorted().hasSize(20);
    assertThat(order.size()).isZero();
  }

  @Test
  void differentContainersDoNotWaitForEachOther() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    try (ContainerOrder.Held _ = order.enter("c")) {
      Thread.ofPlatform()
          .start(() -> {
            try (ContainerOrder.Held _ = order.enter("d");
                ContainerOrder.Held _ = order.enter("")) {
              inside.countDown();
            }
          });
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
