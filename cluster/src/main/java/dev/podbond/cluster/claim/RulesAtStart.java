package dev.podbond.cluster.claim;

/// The rules with which an operator has started. Replicas whose rules differ give a bond's template
/// different names, so one whose rules hold no longer must start anew. While a control plane is
/// upgraded, its API servers are of two releases, and either may answer: one other answer means
/// nothing yet.
///
/// @param others how many answers in a row have led to other rules since
public record RulesAtStart(ClaimRules rules, int others) {
  private static final int ENOUGH = 3;

  /// Rules of a moment ago.
  public RulesAtStart(ClaimRules rules) {
    this(rules, 0);
  }

  /// What is known after a further answer.
  ///
  /// @param now the rules to which it leads
  public RulesAtStart after(ClaimRules now) {
    return new RulesAtStart(rules, now.equals(rules) ? 0 : others + 1);
  }

  /// Whether they hold no longer.
  public boolean areOutdated() {
    return others >= ENOUGH;
  }
}
