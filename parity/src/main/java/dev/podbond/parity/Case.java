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

  /// It needs the SR-IOV NICs.
  boolean needsVfs() {
    return steps.stream().anyMatch(Step.MakeVfs.class::isInstance);
  }
}
