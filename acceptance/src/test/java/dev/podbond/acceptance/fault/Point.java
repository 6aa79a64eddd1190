package dev.podbond.acceptance.fault;

/// A point in a call, by the number of actions so far at its edge. Each edge counts for itself,
/// because IPAM runs beside the kernel.
///
/// @param number from 1
/// @param what the action there, for the reader; not part of the identity
public record Point(Edge edge, Side side, int number, String what) {
  /// The place as it is written in a configuration, such as `kernel:after:7`.
  public String place() {
    return edge + ":" + side + ":" + number;
  }

  @Override
  public String toString() {
    return place() + " (" + side + " " + what + ")";
  }
}
