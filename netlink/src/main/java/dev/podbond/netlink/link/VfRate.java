package dev.podbond.netlink.link;

/// Limits on what a VF sends, in Mbit/s; 0 means no limit.
///
/// @param minMbps the guaranteed rate
/// @param maxMbps the maximum rate
public record VfRate(long minMbps, long maxMbps) {
  /// No limits.
  public static final VfRate UNLIMITED = new VfRate(0, 0);
}
