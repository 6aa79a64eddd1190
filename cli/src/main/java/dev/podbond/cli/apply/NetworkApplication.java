package dev.podbond.cli.apply;

import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.render.NetworkRendering;
import dev.podbond.cluster.source.LocatedException;
import java.util.Optional;

/// Applies networks: a SriovNetwork becomes a network attachment, which is stored like any other.
final class NetworkApplication {
  private NetworkApplication() {}

  /// Stores an object that needs no action.
  static void keep(ApplyContext context, ClusterObject object) throws StoreException {
    context.reports().accept(new Report(object.key(), context.keep(object), ""));
  }

  static void apply(ApplyContext context, SriovNetwork network)
      throws StoreException, LocatedException {
    NetworkAttachment rendered = NetworkRendering.render(network, context.resourcePrefix());
    Optional<String> otherwise =
        context
            .store()
            .get(rendered.key(), NetworkAttachment.class)
            .flatMap(existing -> rendered.ownedOtherwise(existing.owner()));
    if (otherwise.isPresent()) {
      throw new LocatedException(
          network.source(),
          network.key().toString(),
          "a "
              + rendered.key()
              + " is there that "
              + otherwise.get()
              + "; delete it or give this network another name");
    }
    Outcome renderedOutcome = context.keep(rendered);
    Outcome outcome = context.keep(network);
    context
        .reports()
        .accept(
            new Report(
                network.key(),
                outcome == Outcome.UNCHANGED && renderedOutcome != Outcome.UNCHANGED
                    ? Outcome.CONFIGURED
                    : outcome,
                "rendered into " + rendered.key()));
  }

  static void apply(ApplyContext context, NetworkAttachment attachment)
      throws StoreException, LocatedException {
    Optional<String> owner =
        context
            .store()
            .get(attachment.key(), NetworkAttachment.class)
            .flatMap(NetworkAttachment::owner);
    if (owner.isPresent() && !owner.equals(attachment.owner())) {
      throw new LocatedException(
          attachment.source(),
          attachment.key().toString(),
          "it belongs to "
              + owner.get()
              + ", from which it would be rendered anew; change that one or choose another name");
    }
    keep(context, attachment);
  }
}
