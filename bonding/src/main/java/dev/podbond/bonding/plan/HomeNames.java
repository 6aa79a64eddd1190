package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.value.PciAddress;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The names of VFs that come home at the same time. A driver that is bound gives its interface the
/// first free name, `eth0`, which may be the name of another VF that is on its way home, while that
/// one gets the name of the first. So each makes way before it goes home; then both find their
/// names free.
public final class HomeNames {
  private HomeNames() {}

  /// Renames each of these VFs whose own name on the host is taken to a similar free name, which is
  /// nobody's.
  ///
  /// @param rebound the VFs whose drivers have just made their interfaces. Any other name is the
  ///   choice of somebody, and is kept
  public static Plan makingWay(Attachment attachment, Set<PciAddress> rebound, NodeFacts facts) {
    return new Plan(
        fromHost(attachment)
            .filter(saved -> saved.pci().filter(rebound::contains).isPresent())
            .flatMap(saved -> aside(saved, facts).stream())
            .map(Step::of)
            .toList());
  }

  /// Whether no name of the attachment's links on the host is that of a VF which may still go home
  /// itself. Whoever else has such a name keeps it.
  public static boolean areFree(Attachment attachment, NodeFacts facts) {
    return fromHost(attachment)
        .flatMap(saved -> taker(saved, facts).stream())
        .allMatch(taker -> taker.pci().isEmpty());
  }

  private static Optional<Change> aside(SavedLink saved, NodeFacts facts) {
    return saved
        .locate(facts)
        .filter(now -> now.ref().place() == Place.HOST)
        .filter(_ -> taker(saved, facts).isPresent())
        .map(now ->
            new Change.Rename(
                now.ref(), FreeName.near(saved.home().name(), name -> isTaken(name, facts))));
  }

  /// Another link with its name on the host. A link that is nowhere needs no name.
  private static Optional<LinkFacts> taker(SavedLink saved, NodeFacts facts) {
    return saved
        .locate(facts)
        .flatMap(
            now -> facts.link(Place.HOST, saved.home().name()).filter(link -> !link.equals(now)));
  }

  private static boolean isTaken(String name, NodeFacts facts) {
    return facts.link(Place.HOST, name).isPresent();
  }

  private static Stream<SavedLink> fromHost(Attachment attachment) {
    return Stream.concat(
            attachment.vfs().stream().map(SavedVf::link).flatMap(Optional::stream),
            attachment.members().stream())
        .filter(link -> link.home().place() == Place.HOST);
  }
}
