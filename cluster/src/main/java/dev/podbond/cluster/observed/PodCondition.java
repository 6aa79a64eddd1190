package dev.podbond.cluster.observed;

/// A condition in a pod's status.
///
/// @param type as [#UP]
/// @param status "True", "False" or "Unknown"
/// @param reason one word
/// @param message a sentence
public record PodCondition(String type, String status, String reason, String message) {
  /// True while every bond of the pod passes traffic. It may be a readiness gate.
  public static final String UP = "podbond.dev/BondUp";

  /// True while every bond of the pod has all its members up, on more than one PF, and nothing else
  /// is wrong with it.
  public static final String REDUNDANT = "podbond.dev/BondRedundant";

  static final String TRUE = "True";
  static final String FALSE = "False";

  boolean is(String wanted) {
    return status.equals(wanted);
  }
}
