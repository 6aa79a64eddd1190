package dev.podbond.cli.apply;

import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.SriovNetwork;
import dev.podbond.cluster.render.NetworkRendering;
import dev.podbond.cluster.source.LocatedException;
import java.util.Optional;

/// Applies networks: a SriovNetwork becomes a network attachment, which is stored like any other.
final class NetworkApplication {
  private NetworkApplication() {}

  /// Stores an object that needs no action.
  static void keep(ApplyContext context, ClusterObject object) throws StoreException {
    context.reports().accept(new Report(object.key(), store(context, object), ""));
  }

  static void apply(ApplyContext context, SriovNetwork network)
      throws StoreException, LocatedException {
    NetworkAttachment rendered = NetworkRendering.render(network, context.resourcePrefix());
    Optional<NetworkAttachment> existing = attachment(context, rendered.key());
    if (existing.isPresent() && !existing.get().owner().equals(rendered.owner())) {
      throw new LocatedException(
          network.source(),
          network.key().toString(),
          "a "
              + rendered.key()
              + " is there that "
              + existing.get().owner().map(owner -> "belongs to " + owner).orElse("has no owner")
              + "; delete it or name this network otherwise");
    }
    Outcome renderedOutcome = store(context, rendered);
    Outcome outcome = store(context, network);
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
    Optional<NetworkAttachment> existing = attachment(context, attachment.key());
    Optional<String> owner = existing.flatMap(NetworkAttachment::owner);
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

  private static Outcome store(ApplyContext context, ClusterObject object) throws StoreException {
    Optional<ClusterObject> before = context.store().readable(object.key());
    if (before.isPresent() && before.get().manifest().equals(object.manifest())) {
      return Outcome.UNCHANGED;
    }
    context.store().put(object);
    return before.isPresent() ? Outcome.CONFIGURED : Outcome.CREATED;
  }

  private static Optional<NetworkAttachment> attachment(ApplyContext context, ObjectKey key)
      throws StoreException {
    return context
        .store()
        .get(key)
        .flatMap(object ->
            object instanceof NetworkAttachment nad ? Optional.of(nad) : Optional.empty());
  }
}
