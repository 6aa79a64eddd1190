package dev.podbond.cluster.observed;

/// What a bond can still lose.
enum Standing {
  /// All its members are up, on more than one PF.
  REDUNDANT(Loss.NONE),
  /// All its members are up, and the node does not know on which PFs.
  UNPROVEN(Loss.NONE),
  /// All its members are up, on one PF.
  ONE_PF(Loss.NONE),
  /// All its members are up, and something else is wrong with it, as if no LACP partner answers.
  DEGRADED(Loss.QUALITY),
  /// It passes traffic without members that its node's agent holds back, since their uplinks are
  /// bad.
  HELD_BACK(Loss.REDUNDANCY),
  /// It passes traffic without some of its members.
  REDUCED(Loss.REDUNDANCY),
  /// It passes no traffic.
  DOWN(Loss.TRAFFIC);

  /// What a bond has lost since it was made; the least is first.
  enum Loss {
    NONE,
    /// No member, so that it may still lose one.
    QUALITY,
    REDUNDANCY,
    TRAFFIC
  }

  private final Loss loss;

  Standing(Loss loss) {
    this.loss = loss;
  }

  Loss loss() {
    return loss;
  }

  boolean passes() {
    return this != DOWN;
  }
}
