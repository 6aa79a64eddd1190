package dev.podbond.https.serve;

import java.time.Duration;

/// A server's limits for all its clients together, and for each.
///
/// @param connections most connections at once; a new one replaces the one that has been quiet for
///   longest, if possible one that never had a good answer
/// @param request the time for a handshake and a complete request to arrive, and for the client to
///   take an answer
/// @param idle the time until the next request of a connection begins
/// @param bodyBytes the longest body
/// @param allBodiesBytes the limit for all bodies in memory together
/// @param largeBytes a longer body is large, and the server works on one large body at a time: the
///   tree of a text takes many times its memory
/// @param workUnits how much of the other bodies the server works on at a time, in KiB; a request
///   counts as [#LEAST_WORK] at least
public record Limits(
    int connections,
    Duration request,
    Duration idle,
    int bodyBytes,
    int allBodiesBytes,
    int largeBytes,
    int workUnits) {
  /// What a small request counts as, in KiB.
  static final int LEAST_WORK = 16;

  /// For a server whose requests have no bodies.
  public static Limits withoutBodies(int connections, Duration request) {
    return withoutBodies(connections, request, request);
  }

  /// The same, for clients that keep their connection for the next request.
  public static Limits withoutBodies(int connections, Duration request, Duration idle) {
    return new Limits(connections, request, idle, 0, 0, 0, connections * LEAST_WORK);
  }

  boolean isLarge(int bodyBytes) {
    return bodyBytes > largeBytes;
  }

  int work(int bodyBytes) {
    return Math.min(workUnits, Math.max(LEAST_WORK, bodyBytes >> 10));
  }
}
