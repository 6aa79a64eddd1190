package dev.podbond.cluster.observed;

import java.time.Instant;

/// Whether a node has a storm, in which none of its uplinks counts, and what was told of it.
///
/// @param told whether the last event told that it has one
record StormTrack(Settling<Boolean> storm, boolean told) {
  /// Another operator may have told of it.
  static StormTrack first(boolean isStorm, Instant now) {
    return new StormTrack(Settling.first(isStorm, now), isStorm);
  }

  StormTrack see(boolean isStorm, Instant now) {
    return isStorm == storm.seen()
        ? this
        : new StormTrack(storm.changed(isStorm, BondTrack.HOLD, now), told);
  }

  StormTrack settled(Instant now) {
    return new StormTrack(storm.settled(now), told);
  }

  /// What is seen was told.
  StormTrack telling() {
    return new StormTrack(storm, storm.seen());
  }
}
