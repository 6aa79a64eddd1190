package dev.podbond.cli.diagnose;

import dev.podbond.bonding.attachment.Phase;
import dev.podbond.value.AttachmentKey;
import java.util.List;
import java.util.Optional;

/// An attachment of the pod, as its record has it, and what is left of it on the node.
///
/// @param pod its namespace and name in Kubernetes, if the runtime named it
/// @param network as people and the cluster name it
/// @param netns the path of the pod's namespace
/// @param bond the bond that it makes, if it makes one
/// @param link the VLAN that it makes, or its single VF, if that has an interface
/// @param kernel both as the kernel has them
public record SeenAttachment(
    AttachmentKey key,
    Optional<String> pod,
    String network,
    Phase phase,
    String netns,
    Namespace namespace,
    Optional<String> bond,
    Optional<String> link,
    Seen<SeenPod> kernel,
    List<SeenVf> vfs) {
  public SeenAttachment {
    vfs = List.copyOf(vfs);
  }

  /// Whether a namespace is where it was.
  public enum Namespace {
    /// It is.
    THERE,
    /// It is known to be gone.
    GONE,
    /// It cannot be seen from here.
    UNSEEN
  }

  /// Whether all that it consists of has to be there. One that is half made or half removed has
  /// only a part of it, and the VFs of a pod that has ended are on their way back.
  boolean isWhole() {
    return phase == Phase.COMPLETE && namespace != Namespace.GONE;
  }

  @Override
  public String toString() {
    return "attachment %s of network %s (%scontainer %s)"
        .formatted(
            key.ifname(),
            network,
            pod.map(name -> "pod " + name + ", ").orElse(""),
            key.containerId());
  }
}
