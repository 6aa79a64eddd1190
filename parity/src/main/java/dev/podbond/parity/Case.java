package dev.podbond.parity;

import java.util.List;

/// A sequence of calls on a fresh pod, and what surrounds them.
///
/// @param name the file's name and its own, as `mtu/above-a-member`
/// @param steps in order; those that its file begins with come first
record Case(String name, List<Step> steps) {
  Case {
    steps = List.copyOf(steps);
  }

  /// It has to do with links or NICs of the node, not only with those of its pods.
  boolean touchesTheNode() {
    return steps.stream().anyMatch(Case::touchesTheNode);
  }

  /// No other case may run beside it: it touches the node, or asks for what concerns every
  /// attachment of a network, of which other cases have some.
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
