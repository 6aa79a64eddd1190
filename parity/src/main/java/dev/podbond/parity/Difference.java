package dev.podbond.parity;

/// One thing that two contestants did not do alike.
///
/// @param where case and call
/// @param facet what differs
/// @param ours what our plugin shows; `-` for nothing
/// @param theirs what the peer shows; `-` for nothing
public record Difference(String where, String facet, String ours, String theirs) {
  /// What stands for a facet that is not there.
  static final String NOTHING = "-";

  /// The one line that is printed, and that explanations are matched against.
  @Override
  public String toString() {
    return where + " " + facet + ": ours " + ours + ", theirs " + theirs;
  }
}
