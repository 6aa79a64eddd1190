package dev.podbond.netlink.link;

/// Limits on what a VF sends, in Mbit/s; 0 for none.
///
/// @param minMbps the guaranteed rate
/// @param maxMbps the most
public record VfRate(long minMbps, long maxMbps) {
  /// No limits.
  public static final VfRate UNLIMITED = new VfRate(0, 0);
}
