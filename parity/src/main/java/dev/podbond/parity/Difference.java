package dev.podbond.parity;

/// One difference between two contestants.
///
/// @param where case and call
/// @param facet the differing observation
/// @param ours our plugin's value; `-` for nothing
/// @param theirs the peer's value; `-` for nothing
public record Difference(String where, String facet, String ours, String theirs) {
  /// The value of an absent facet.
  static final String NOTHING = "-";

  /// The line that is printed, and that explanations match.
  @Override
  public String toString() {
    return where + " " + facet + ": ours " + ours + ", theirs " + theirs;
  }
}
