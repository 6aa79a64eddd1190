package dev.podbond.node.state;

import java.util.Optional;

/// The answer to one who asked for a VF.
public sealed interface VfClaim {
  /// The VF is the asker's.
  ///
  /// @param previous an owner that vanished without giving the VF back, from which it was taken
  ///   over
  record Granted(Optional<ClaimOwner> previous) implements VfClaim {}

  /// Another attachment has it.
  record Taken(ClaimOwner owner) implements VfClaim {
    @Override
    public String toString() {
      return "it belongs to " + owner;
    }
  }

  /// The sriov-cni plugin gave it to a pod.
  ///
  /// @param netns the path of that pod's network namespace
  record TakenBySriovCni(String netns) implements VfClaim {
    @Override
    public String toString() {
      return "sriov-cni has given it to the pod with netns " + netns;
    }
  }
}
