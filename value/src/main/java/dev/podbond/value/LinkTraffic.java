package dev.podbond.value;

/// What a link has carried since it was made, as the kernel counts it (`rtnl_link_stats64` of
/// `linux/if_link.h`).
///
/// @param received what came in
/// @param transmitted what went out
public record LinkTraffic(Count received, Count transmitted) {
  /// One direction.
  ///
  /// @param errors packets that were damaged or failed
  /// @param dropped packets that were good, and found no room or nobody who wanted them
  public record Count(long bytes, long packets, long errors, long dropped) {}
}
