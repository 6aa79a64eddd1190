package dev.podbond.cluster.observed;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// How the bonds of one BondNetwork are.
///
/// @param worst the first few that are not healthy, the worst first, each in one line
public record BondSum(
    int total, int healthy, int degraded, int down, int unknown, List<String> worst) {
  /// How many are named.
  static final int MAX_WORST = 10;

  public BondSum {
    worst = List.copyOf(worst);
  }

  private record Line(Health health, String pod, String bond, String why) {
    @Override
    public String toString() {
      return pod
          + (bond.isEmpty() ? "" : " " + bond)
          + ": "
          + health
          + (why.isEmpty() ? "" : ", " + why);
    }
  }

  /// The sum over all pods that asked for a BondNetwork.
  ///
  /// @param network its `namespace/name`
  /// @param reports a node's report; empty if the node is silent
  public static BondSum of(
      String network, Collection<BondedPod> pods, Function<String, Optional<NodeReport>> reports) {
    List<Line> lines =
        pods.stream().flatMap(pod -> lines(network, pod, reports.apply(pod.node()))).toList();
    return new BondSum(
        lines.size(),
        count(lines, Health.HEALTHY),
        count(lines, Health.DEGRADED),
        count(lines, Health.DOWN),
        count(lines, Health.UNKNOWN),
        lines.stream()
            .filter(line -> line.health() != Health.HEALTHY)
            .sorted(
                Comparator.comparing(Line::health)
                    .thenComparing(Line::pod)
                    .thenComparing(Line::bond))
            .limit(MAX_WORST)
            .map(Line::toString)
            .toList());
  }

  private static Stream<Line> lines(String network, BondedPod pod, Optional<NodeReport> report) {
    List<ObservedBond> bonds = report.map(known -> known.of(pod)).orElse(List.of());
    return pod.uses().stream()
        .filter(use -> use.network().equals(network))
        .map(use ->
            use.among(bonds)
                .map(bond -> new Line(bond.health(), pod.path(), bond.bond(), bond.why()))
                .orElseGet(() ->
                    new Line(
                        Health.UNKNOWN,
                        pod.path(),
                        use.interfaceName(),
                        report.isEmpty()
                            ? "node " + pod.node() + " is silent"
                            : "node " + pod.node() + " does not report it")));
  }

  private static int count(List<Line> lines, Health health) {
    return (int) lines.stream().filter(line -> line.health() == health).count();
  }

  /// As `status.bonds` of the BondNetwork.
  public JsonObject json() {
    return JsonObject.builder()
        .put("total", total)
        .put("healthy", healthy)
        .put("degraded", degraded)
        .put("down", down)
        .put("unknown", unknown)
        .put("worst", JsonArray.ofStrings(worst))
        .build();
  }
}
