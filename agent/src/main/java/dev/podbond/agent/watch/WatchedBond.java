package dev.podbond.agent.watch;

import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.value.AttachmentKey;
import java.util.List;

/// A bond as it was when last looked at.
///
/// @param key the attachment that made it
/// @param pod the pod's namespace and name, or its container's id
/// @param members those that it was made with
public record WatchedBond(
    AttachmentKey key, String pod, BondState state, List<ConfiguredMember> members) {
  /// Copies the list.
  public WatchedBond {
    members = List.copyOf(members);
  }

  /// Its name in the pod, and whose it is.
  @Override
  public String toString() {
    return "bond " + state.bond() + " of " + pod;
  }
}
