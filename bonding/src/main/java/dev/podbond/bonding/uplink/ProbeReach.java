package dev.podbond.bonding.uplink;

import java.time.Duration;

/// Whom a question reaches. One by broadcast costs every host of the VLAN, and with some hundred
/// nodes that ask that is what costs most.
public enum ProbeReach {
  /// A host whose MAC is known from its last answer gets a frame for it alone; others are asked as
  /// by [#EVERYBODY].
  THE_HOST,

  /// The frame is a broadcast, or for the group of an IPv6 address.
  EVERYBODY;

  /// From which interval on there is time to ask everybody where a host alone did not answer.
  private static final Duration TIME_FOR_BOTH = Duration.ofSeconds(2);

  /// How hosts are asked first that are asked this often.
  public static ProbeReach first(Duration interval) {
    return interval.compareTo(TIME_FOR_BOTH) < 0 ? EVERYBODY : THE_HOST;
  }
}
