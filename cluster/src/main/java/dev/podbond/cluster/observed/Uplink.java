package dev.podbond.cluster.observed;

import java.time.Duration;

/// How the way out of a PF is.
enum Uplink {
  /// Nothing is known to be wrong with it.
  WELL(BondTrack.HOLD),
  /// It is known to carry no traffic, though its cable may have a link.
  BAD(BondTrack.HOLD.plus(NodeReport.SECOND_WRITE)),
  /// Its cable has no link.
  DARK(BondTrack.HOLD);

  private final Duration hold;

  Uplink(Duration hold) {
    this.hold = hold;
  }

  /// How long it must be so before that is told. Bonds leave a bad uplink a few at a time, and what
  /// a node reports of it first has not all of them.
  Duration hold() {
    return hold;
  }
}
