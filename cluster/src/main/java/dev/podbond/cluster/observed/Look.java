package dev.podbond.cluster.observed;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What follows from one look at a node.
///
/// @param next what is known from now on
/// @param verdicts the pods whose conditions change
/// @param news in the order in which to tell them
/// @param withheld how much more there was to tell, beyond what one node may have told
/// @param again when to look again even if nothing happens; empty if there is no need
public record Look(
    ReportedNode next,
    List<PodVerdict> verdicts,
    List<News> news,
    int withheld,
    Optional<Instant> again) {
  public Look {
    verdicts = List.copyOf(verdicts);
    news = List.copyOf(news);
  }
}
