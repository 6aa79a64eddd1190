package dev.podbond.operator.reconcile;

import dev.podbond.cluster.assess.Assessment;
import dev.podbond.cluster.assess.BondStatus;
import dev.podbond.cluster.assess.Finding;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.BondNetworkResource;
import dev.podbond.operator.kubernetes.PartialAttachment;
import dev.podbond.operator.kubernetes.Resources;
import dev.podbond.operator.kubernetes.SteadyClock;
import dev.podbond.operator.view.ClusterView;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Applies the assessment of a BondNetwork: its network attachments, its ResourceClaimTemplate, its
/// status, and an event for each condition that changes. A failure for one BondNetwork is retried
/// for that one, without end.
@ControllerConfiguration(
    name = "bondnetwork",
    informer = @Informer(name = "bondnetwork", informerListLimit = Resources.PAGE))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, maxInterval = 60_000)
@RateLimited(maxReconciliations = 5, within = 1)
public final class BondNetworkReconciler implements Reconciler<BondNetworkResource> {
  private static final Duration AGAIN = Duration.ofSeconds(10);

  /// Whoever makes the API server refuse a template, by a quota or a webhook, makes no news of when
  /// it ends.
  private static final Duration REFUSED_AGAIN = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final ClusterView view;
  private final ConditionEvents events;
  private final NamespaceMarks marks;
  private final BondSums sums;
  private final StaleTemplates stale;

  /// How the bonds of a BondNetwork are, as far as that is observed.
  @FunctionalInterface
  public interface BondSums {
    /// The sum for its status; empty if bonds are not observed.
    ///
    /// @param present the sum in its present status
    Optional<JsonObject> of(BondNetwork bond, Optional<JsonObject> present);
  }

  /// A reconciler for what the view observes.
  public BondNetworkReconciler(KubernetesClient client, ClusterView view, BondSums sums) {
    this.client = client;
    this.view = view;
    this.sums = sums;
    this.events = new ConditionEvents(client);
    this.marks = new NamespaceMarks(client, view);
    this.stale = new StaleTemplates(new SteadyClock(), this::deleteTemplate);
  }

  @Override
  public List<EventSource<?, BondNetworkResource>> prepareEventSources(
      EventSourceContext<BondNetworkResource> context) {
    SimpleInboundEventSource<BondNetworkResource> snapshot =
        new SimpleInboundEventSource<>("surroundings");
    view.listen(bond -> snapshot.propagateEvent(new ResourceID(bond.name(), bond.namespace())));
    return List.of(snapshot);
  }

  @Override
  public UpdateControl<BondNetworkResource> reconcile(
      BondNetworkResource resource, Context<BondNetworkResource> context) {
    Optional<BondNetwork> known = view.bond(Resources.path(resource.getMetadata()));
    if (known.filter(bond -> isOf(resource, bond)).isEmpty()) {
      // The view tells us as soon as it knows the object; an object that it does not read was set
      // aside.
      return UpdateControl.noUpdate();
    }
    BondNetwork bond = known.get();
    boolean marked = marks.mark(bond.namespace());
    Assessment judged = view.assess(bond);
    judged.attachments().stream()
        .filter(wanted -> !isApplied(wanted))
        .forEach(wanted -> Resources.apply(client, Resources.object(wanted)));
    if (!judged.attachments().isEmpty()) {
      view.abandoned(bond).forEach(this::delete);
    }
    Optional<Finding> refused =
        judged.claim().filter(template -> !view.isApplied(template)).flatMap(this::apply);
    Assessment assessment = refused.map(judged::with).orElse(judged);
    Optional<Duration> nextStale = stale.sweep(bond, view.templates(bond), judged.claim());
    JsonObject before = LenientObject.object(Resources.json(resource), "status");
    Optional<JsonObject> sum =
        sums.of(
            bond,
            before.get(BondStatus.BONDS).isPresent()
                ? Optional.of(LenientObject.object(before, BondStatus.BONDS))
                : Optional.empty());
    JsonObject now =
        BondStatus.of(
            assessment.observing(sum),
            sum,
            before,
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    UpdateControl<BondNetworkResource> next;
    if (now.equals(before)) {
      next = UpdateControl.noUpdate();
    } else {
      // A namespace that is being deleted accepts no events any more, but still accepts statuses.
      var _ =
          Alone.attempt(
              () -> "an event of " + Resources.name(resource),
              () -> events.report(resource, before, now));
      next = UpdateControl.patchStatus(withStatus(resource, now));
    }
    if (!marked) {
      return next.rescheduleAfter(AGAIN);
    }
    return Stream.concat(refused.map(_ -> REFUSED_AGAIN).stream(), nextStale.stream())
        .min(Comparator.naturalOrder())
        .map(next::rescheduleAfter)
        .orElse(next);
  }

  /// Applies a template.
  ///
  /// @return what stands against it, if the API server has answered that it does not take it. That
  ///   nobody answers is a failure like any other
  private Optional<Finding> apply(ClaimTemplate template) {
    try {
      Resources.apply(client, Resources.object(template.manifest()));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() < HttpURLConnection.HTTP_BAD_REQUEST) {
        throw e;
      }
      return Optional.of(Finding.refused(template, said(e)));
    }
  }

  /// What the API server says, without what the client says around it.
  private static String said(KubernetesClientException refusal) {
    return Optional.ofNullable(refusal.getStatus())
        .map(Status::getMessage)
        .filter(message -> !message.isEmpty())
        .orElseGet(() -> "status " + refusal.getCode());
  }

  /// Whether the view knows this object, in a version at least as new.
  private static boolean isOf(BondNetworkResource resource, BondNetwork known) {
    Long generation = resource.getMetadata().getGeneration();
    return known.uid().equals(resource.getMetadata().getUid())
        && (generation == null || known.generation() >= generation);
  }

  /// Whether the attachment is as rendered. If not, applying it reverts the changes of others, but
  /// keeps their additions.
  private boolean isApplied(JsonObject wanted) {
    Optional<PartialAttachment.Seen> found = view.attachment(ClusterView.path(wanted));
    String config = LenientObject.text(LenientObject.object(wanted, "spec"), "config").orElse("");
    return found.isPresent()
        && found.get().configDigest().equals(PartialAttachment.digest(config))
        && LenientObject.object(found.get().manifest(), "metadata")
            .get("ownerReferences")
            .equals(LenientObject.object(wanted, "metadata").get("ownerReferences"));
  }

  /// Deletes the attachment of a VLAN that is no longer in the BondNetwork. A pod that has the VLAN
  /// keeps it: its runtime and the agent know how to remove it.
  private void delete(String attachment) {
    int slash = attachment.indexOf('/');
    Resources.deleteAttachment(
        client, attachment.substring(0, slash), attachment.substring(slash + 1));
  }

  private void deleteTemplate(String path) {
    int slash = path.indexOf('/');
    Resources.deleteTemplate(client, path.substring(0, slash), path.substring(slash + 1));
  }

  private static BondNetworkResource withStatus(BondNetworkResource resource, JsonObject status) {
    BondNetworkResource patch = new BondNetworkResource();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withName(resource.getMetadata().getName())
            .withNamespace(resource.getMetadata().getNamespace())
            .build());
    patch.setStatus(Resources.node(status));
    return patch;
  }
}
