package dev.podbond.acceptance.fault;

/// A place in a call, by how many things it has done at that edge: the edges are counted each for
/// itself, because IPAM runs beside the kernel.
///
/// @param number from 1
/// @param what is done there, for the reader; no part of the place
public record Point(Edge edge, Side side, int number, String what) {
  /// The place as it is written in a configuration, as `kernel:after:7`.
  public String place() {
    return edge + ":" + side + ":" + number;
  }

  @Override
  public String toString() {
    return place() + " (" + side + " " + what + ")";
  }
}
