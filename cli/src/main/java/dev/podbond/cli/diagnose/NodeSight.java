package dev.podbond.cli.diagnose;

import dev.podbond.cli.bond.KnownPf;
import java.util.List;
import java.util.Map;

/// What was seen on a node when it was asked about one pod.
///
/// @param agent its answer
/// @param attachments those of the pod
/// @param damaged a sentence for each record that makes no sense
/// @param unreadable a sentence for each record that could not be read
/// @param waiting the deletions of all pods that wait for the agent
/// @param carriers whether PFs have a carrier, as far as the kernel tells
public record NodeSight(
    SeenAgent agent,
    Seen<List<SeenAttachment>> attachments,
    List<String> damaged,
    List<String> unreadable,
    Seen<List<WaitingDeletion>> waiting,
    Map<KnownPf, Boolean> carriers) {
  public NodeSight {
    damaged = List.copyOf(damaged);
    unreadable = List.copyOf(unreadable);
    carriers = Map.copyOf(carriers);
  }
}
