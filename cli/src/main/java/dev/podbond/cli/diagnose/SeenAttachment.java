package dev.podbond.cli.diagnose;

import dev.podbond.bonding.attachment.Phase;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.value.AttachmentKey;
import java.util.List;
import java.util.Optional;

/// An attachment of the pod, as its record has it, and what is left of it on the node.
///
/// @param network as people and the cluster name it
/// @param netns the path of the pod's namespace
/// @param bond the bond that it makes, if it makes one
/// @param kernel that bond as the kernel has it
public record SeenAttachment(
    AttachmentKey key,
    String network,
    Phase phase,
    String netns,
    Namespace namespace,
    Optional<String> bond,
    Seen<Optional<KnownBond>> kernel,
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

  @Override
  public String toString() {
    return "attachment " + key.ifname() + " of network " + network;
  }
}
