package dev.podbond.bonding.redundancy;

/// Whether a bond survives a failure, and how that is known.
public sealed interface Answer {
  /// It survives: of each part that can fail so, some member does without.
  ///
  /// @param isHint whether it is likely rather than certain
  record Yes(HowKnown how, boolean isHint) implements Answer {
    @Override
    public String toString() {
      return (isHint ? "probably, by " : "yes, by ") + how.phrase();
    }
  }

  /// It does not survive: one part has all members on it.
  ///
  /// @param isHint whether it is likely rather than certain
  /// @param shared the PCI address or identity of the part; empty if it has none
  record No(HowKnown how, boolean isHint, String shared) implements Answer {
    /// Leaves out a text that is neither: others may have written it.
    public No {
      shared = PfPlace.NAME.matcher(shared).matches() ? shared : "";
    }

    @Override
    public String toString() {
      return (isHint ? "probably not, by " : "no, by ")
          + how.phrase()
          + (shared.isEmpty() ? "" : " " + shared);
    }
  }

  /// Nobody can tell.
  ///
  /// @param missing what would have to be known; empty if nobody says
  record Unknown(String missing) implements Answer {
    @Override
    public String toString() {
      return missing.isEmpty() ? "unknown" : "unknown: " + missing;
    }
  }
}
