package dev.podbond.bonding.uplink;

/// What one signal about one PF has said so far.
///
/// @param bad the last 64 readings, the latest in the lowest bit; 1 for a bad one
/// @param calm how many readings in a row were not bad
/// @param last the latest
public record SignalTrack(long bad, int calm, Reading last) {
  /// Of a signal that was not read yet.
  public static final SignalTrack NONE =
      new SignalTrack(0, 0, new Reading.Unknown("nothing was read yet"));

  SignalTrack next(Reading reading) {
    return reading.isBad()
        ? new SignalTrack(bad << 1 | 1, 0, reading)
        : new SignalTrack(bad << 1, calm == Integer.MAX_VALUE ? calm : calm + 1, reading);
  }

  /// Whether so many of the last `2 * downAfter - 1` readings were bad.
  boolean isDown(int downAfter) {
    long counted = bad & ((1L << (2 * downAfter - 1)) - 1);
    return Long.bitCount(counted) >= downAfter;
  }
}
