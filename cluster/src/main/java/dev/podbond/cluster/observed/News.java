package dev.podbond.cluster.observed;

/// What an event tells.
///
/// @param about a pod or a node
/// @param isBad whether it is a warning
/// @param reason one word
/// @param message a sentence
public record News(Subject about, boolean isBad, String reason, String message) {
  /// The object that an event is about.
  public sealed interface Subject {}

  /// A pod.
  ///
  /// @param node where it runs
  public record Pod(String namespace, String name, String uid, String node) implements Subject {}

  /// A node.
  public record Node(String name) implements Subject {}
}
