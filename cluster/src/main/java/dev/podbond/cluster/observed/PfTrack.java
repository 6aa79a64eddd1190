package dev.podbond.cluster.observed;

import java.time.Instant;

/// What was seen of one PF, and what was told of it.
///
/// @param uplink how its way out is
/// @param told how it is as the last event told
/// @param named how many pods' events named it since it last changed from what was told
record PfTrack(Settling<Uplink> uplink, Uplink told, int named) {
  static PfTrack first(Uplink uplink, Uplink told, Instant now) {
    Instant due = uplink == told ? now : now.plus(uplink.hold());
    return new PfTrack(Settling.first(uplink, due), told, 0);
  }

  PfTrack see(ObservedPf pf, Instant time) {
    Uplink now = pf.uplink(uplink.seen());
    if (now == uplink.seen()) {
      return this;
    }
    boolean isNew = uplink.seen() == told && uplink.counts(time);
    return new PfTrack(uplink.changed(now, now.hold(), time), told, isNew ? 0 : named);
  }

  PfTrack settled(Instant now) {
    return new PfTrack(uplink.settled(now), told, named);
  }

  PfTrack told(Uplink now) {
    return new PfTrack(uplink, now, named);
  }

  PfTrack naming() {
    return new PfTrack(uplink, told, named + 1);
  }
}
