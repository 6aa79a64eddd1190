package dev.podbond.bonding.linkstate;

import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Whose the VFs of a node are, as the records of attachments have it, and not as pods were last
/// seen.
///
/// @param alone VFs that were given to pods by themselves, and by which attachments
/// @param members VFs that are members of bonds, whether given by those or by others
public record AttachedVfs(Map<PciAddress, AttachmentKey> alone, Set<PciAddress> members) {
  /// Of a node without attachments, or of one of which nobody knows.
  public static final AttachedVfs NONE = new AttachedVfs(Map.of(), Set.of());

  /// Copies both.
  public AttachedVfs {
    alone = Map.copyOf(alone);
    members = Set.copyOf(members);
  }

  /// Whether a VF is an attachment's, and no bond's: only such a VF may lose its link. What nobody
  /// has somebody else may take at any moment, and would take for its link state what is to be
  /// taken back; a bond leaves the PF by itself, and needs its way back.
  public boolean mayLose(PciAddress vf) {
    return alone.containsKey(vf) && !members.contains(vf);
  }

  /// What is read of records, one after the other.
  public static final class Gathering {
    private final Map<PciAddress, AttachmentKey> alone = new HashMap<>();
    private final Set<PciAddress> members = new HashSet<>();

    /// Of nothing at first.
    public Gathering() {}

    /// An attachment that makes a bond, whole or not.
    public void bond(Collection<PciAddress> itsMembers) {
      members.addAll(itsMembers);
    }

    /// An attachment that is complete and makes none.
    public void alone(AttachmentKey key, Collection<PciAddress> vfs) {
      vfs.forEach(vf -> alone.put(vf, key));
    }

    /// All that was read.
    public AttachedVfs all() {
      return new AttachedVfs(alone, members);
    }
  }
}
