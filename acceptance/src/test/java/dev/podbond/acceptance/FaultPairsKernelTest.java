package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.acceptance.fault.Edge;
import dev.podbond.acceptance.fault.Fault;
import dev.podbond.acceptance.fault.PlannedFault;
import dev.podbond.acceptance.fault.Point;
import dev.podbond.acceptance.fault.Side;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Two faults in one call, the second possibly while the first is being made good: docs/faults.md.
class FaultPairsKernelTest extends PodTest {
  private static final int PAIRS = Integer.getInteger("podbond.faultPairs", 25);

  @Test
  void twoFaultsLeaveNothingThatADelDoesNotEnd() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    try (HostLinks host = HostLinks.dummies("hnet1", "hnet2")) {
      PluginCall call =
          bond(
              "'linksInContainer': false, 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}],"
                  + " 'failOverMac': 0, 'mtu': 1400, "
                  + node.hostLocal("10.7.7.0/24"));
      FaultMatrix matrix = new FaultMatrix(FaultScenario.of("pairs", node, pod, call, () -> {}));
      List<Point> adding = matrix.points(FaultMatrix.Verb.ADD);
      List<Point> deleting = matrix.points(FaultMatrix.Verb.DEL);
      for (int i = 0; i < PAIRS; i++) {
        boolean adds = random.nextBoolean();
        List<Point> points = adds ? adding : deleting;
        PlannedFault first = PlannedFault.at(points.get(random.nextInt(points.size())), Fault.FAIL);
        matrix.tried(
            adds ? FaultMatrix.Verb.ADD : FaultMatrix.Verb.DEL,
            List.of(first, later(first, points, random)),
            "seed " + seed + ", pair " + i);
      }
      assertThat(matrix.failures()).as("seed %d", seed).isEmpty();
      System.out.printf("faults: %d random pairs, seed %d%n", matrix.runs(), seed);
    }
  }

  /// Somewhere in the whole way there and back.
  private static PlannedFault later(PlannedFault first, List<Point> points, Random random) {
    List<Edge> edges = List.of(Edge.KERNEL, Edge.FILE, Edge.DELEGATE);
    Edge edge = edges.get(random.nextInt(edges.size()));
    long most = points.stream().filter(point -> point.edge() == edge).count();
    int number = 1 + random.nextInt((int) Math.max(1, most));
    PlannedFault second =
        new PlannedFault(
            edge,
            Side.values()[random.nextInt(2)],
            number,
            random.nextBoolean() ? Fault.FAIL : Fault.DIE);
    return second.edge() == first.edge()
            && second.side() == first.side()
            && second.number() == first.number()
        ? new PlannedFault(edge, second.side(), number + 1, second.fault())
        : second;
  }
}
