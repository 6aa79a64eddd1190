package dev.podbond.node.state;

import java.util.Optional;

/// The answer to a request for a VF.
public sealed interface VfClaim {
  /// The caller has the VF.
  ///
  /// @param previous the owner from which it was taken over, because that owner vanished without
  ///   giving the VF back
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
