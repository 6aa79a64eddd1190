package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.interleaving.Interleavings;
import dev.podbond.agent.interleaving.Scenario;
import dev.podbond.agent.interleaving.Schedule;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ContainerOrderInterleavingTest {
  /// Two who wait for their turn, and one who does not.
  static final class AtOneContainer implements Scenario {
    private final ContainerOrder order = new ContainerOrder();
    private int inside;
    private int most;
    private int served;

    @Override
    public List<Runnable> threads() {
      return List.of(this::enter, this::enter, () -> order.tryEnter("c").ifPresent(this::visit));
    }

    private void enter() {
      visit(order.enter("c"));
    }

    private void visit(ContainerOrder.Held turn) {
      try (turn) {
        inside++;
        most = Math.max(most, inside);
        served++;
        Schedule.point();
        inside--;
      }
    }

    @Override
    public void check() {
      assertThat(most).as("who were inside together").isEqualTo(1);
      assertThat(served).as("who came inside").isBetween(2, 3);
      assertThat(order.size()).as("what is left").isZero();
    }
  }

  @Test
  void howeverTheyMeetOneIsInsideAndNothingIsLeft() throws Exception {
    Interleavings.explore(AtOneContainer.class, ContainerOrder.class);
  }
}
