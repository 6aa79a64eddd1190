package dev.podbond.bonding.check;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Compares the tuning of links that came from the host with their tuning at ADD. ADD tunes
/// nothing, and DEL restores all of it.
public final class TuningComparison {
  private TuningComparison() {}

  /// Differences that stop a link from working, whoever made them.
  public static List<Difference> differences(Attachment attachment, NodeFacts facts) {
    return links(attachment).flatMap(saved -> settings(saved, facts, true)).toList();
  }

  /// Differences that may be intended: plugins of the same chain make some of them, and the
  /// specification tells CHECK to allow that.
  public static List<Difference> remarks(Attachment attachment, NodeFacts facts) {
    return links(attachment).flatMap(saved -> settings(saved, facts, false)).toList();
  }

  private static Stream<SavedLink> links(Attachment attachment) {
    return Stream.concat(
            attachment.members().stream(),
            attachment.vfs().stream().map(SavedVf::link).flatMap(Optional::stream))
        .filter(link -> link.home().place() == Place.HOST);
  }

  private static Stream<Difference> settings(SavedLink saved, NodeFacts facts, boolean vital) {
    Optional<LinkFacts> found = saved.locate(facts).filter(link -> link.ref().place() == Place.POD);
    if (found.isEmpty()) {
      return Stream.empty();
    }
    LinkFacts link = found.get();
    return saved.tuning().otherThan(link.tuning()).entrySet().stream()
        .filter(entry -> entry.getKey().isVital() == vital)
        .map(entry ->
            new Difference(
                link.ref().toString(),
                entry.getKey().key(),
                shown(entry.getValue()),
                shown(now(link, entry.getKey()))));
  }

  private static String now(LinkFacts link, LinkSetting setting) {
    return link.tuning().get(setting).orElse("");
  }

  private static String shown(String value) {
    return value.isEmpty() ? "nothing" : value;
  }
}
