package dev.podbond.cluster.object;

/// VFs of one PF by their indices.
///
/// @param first the lowest index
/// @param last the highest index, included in the range
public record VfRange(int first, int last) {
  public VfRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("no range: " + first + "-" + last);
    }
  }

  /// All VFs of a PF that has `count` of them.
  public static VfRange all(int count) {
    return new VfRange(0, count - 1);
  }

  public boolean contains(int index) {
    return first <= index && index <= last;
  }

  public boolean overlaps(VfRange other) {
    return first <= other.last && other.first <= last;
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
