package dev.podbond.parity;

import java.util.List;

/// A sequence of calls on a fresh pod, and the steps around them.
///
/// @param name the file's name and its own, such as `mtu/above-a-member`
/// @param steps in order, beginning with the common steps of its file
record Case(String name, List<Step> steps) {
  Case {
    steps = List.copyOf(steps);
  }

  /// Whether it uses links or NICs of the node, not only those of its pods.
  boolean touchesTheNode() {
    return steps.stream().anyMatch(Case::touchesTheNode);
  }

  /// Whether no other case may run beside it: it touches the node, or makes a call about every
  /// attachment of a network, and other cases have such attachments.
  boolean needsTheNodeAlone() {
    return touchesTheNode()
        || steps.stream()
            .anyMatch(step -> step instanceof Step.Call call && call.verb().equals("GC"));
  }

  private static boolean touchesTheNode(Step step) {
    return switch (step) {
      case Step.MakeVfs _, Step.Reboot _ -> true;
      case Step.Dummies(String place, List<String> _) -> place.equals(Step.HOST);
      case Step.Run(String place, String command) ->
          place.equals(Step.HOST) && command.contains("ip ");
      case Step.NewPod _, Step.EndPod _, Step.Network _, Step.Call _, Step.Expect _ -> false;
    };
  }
}
