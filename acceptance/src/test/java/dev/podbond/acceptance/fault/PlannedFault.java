package dev.podbond.acceptance.fault;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// One fault at one place, such as `kernel:after:7:kill`.
public record PlannedFault(Edge edge, Side side, int number, Fault fault) {
  public static PlannedFault at(Point point, Fault fault) {
    return new PlannedFault(point.edge(), point.side(), point.number(), fault);
  }

  /// Reads a configuration: faults separated by commas, or empty text.
  public static List<PlannedFault> parse(String text) {
    return Stream.of(text.split(",")).filter(one -> !one.isBlank()).map(PlannedFault::one).toList();
  }

  private static PlannedFault one(String text) {
    String[] parts = text.strip().toUpperCase(Locale.ROOT).split(":");
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          "a fault is written as kernel|file|delegate|address:before|after:NUMBER:fail|die|kill|pause,"
              + " not as "
              + text);
    }
    return new PlannedFault(
        Edge.valueOf(parts[0]),
        Side.valueOf(parts[1]),
        Integer.parseInt(parts[2]),
        Fault.valueOf(parts[3]));
  }

  boolean isAt(Point point) {
    return edge == point.edge() && side == point.side() && number == point.number();
  }

  @Override
  public String toString() {
    return edge + ":" + side + ":" + number + ":" + fault;
  }
}
