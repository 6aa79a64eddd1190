package dev.podbond.operator.serve;

import java.time.Duration;

/// What a server gives to all its clients together, and to each.
///
/// @param connections at most at once; the next one takes the place of the one that is silent for
///   longest
/// @param request for a handshake and a request to arrive whole, and for an answer to be taken
/// @param idle for the next request of a connection to begin
/// @param bodyBytes the longest body
/// @param allBodiesBytes for all bodies that are there at one time
/// @param largeBytes a body that is longer is large, and of those one is worked on at a time: what
///   grows from a text is many times the text
/// @param workUnits how much of the others is worked on at one time, in KiB of bodies; a request
///   counts as [#LEAST_WORK] at least
public record Limits(
    int connections,
    Duration request,
    Duration idle,
    int bodyBytes,
    int allBodiesBytes,
    int largeBytes,
    int workUnits) {
  /// What a small request counts, in KiB.
  static final int LEAST_WORK = 16;

  /// For a server whose requests have no bodies.
  public static Limits withoutBodies(int connections, Duration request) {
    return new Limits(connections, request, request, 0, 0, 0, connections * LEAST_WORK);
  }

  boolean isLarge(int bodyBytes) {
    return bodyBytes > largeBytes;
  }

  int work(int bodyBytes) {
    return Math.min(workUnits, Math.max(LEAST_WORK, bodyBytes >> 10));
  }
}
