package dev.podbond.cluster.observed;

import java.time.Instant;

/// What was seen of one PF, and what was told of it.
///
/// @param dark whether it has no carrier
/// @param told whether the last event told that it has none
/// @param named how many pods' events named it since then
record PfTrack(Settling<Boolean> dark, boolean told, int named) {
  static PfTrack first(boolean dark, boolean told, Instant now) {
    Instant due = dark == told ? now : now.plus(BondTrack.HOLD);
    return new PfTrack(Settling.first(dark, due), told, 0);
  }

  PfTrack see(boolean now, Instant time) {
    return now == dark.seen()
        ? this
        : new PfTrack(dark.changed(now, BondTrack.HOLD, time), told, named);
  }

  PfTrack settled(Instant now) {
    return new PfTrack(dark.settled(now), told, named);
  }

  PfTrack told(boolean now) {
    return new PfTrack(dark, now, 0);
  }

  PfTrack naming() {
    return new PfTrack(dark, told, named + 1);
  }
}
