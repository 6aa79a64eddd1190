package dev.podbond.operator.observe;

import dev.podbond.cluster.assess.ObservedFindings;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.observed.BondSum;
import dev.podbond.cluster.observed.BondUse;
import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.Look;
import dev.podbond.cluster.observed.NodeReport;
import dev.podbond.cluster.observed.PodBond;
import dev.podbond.cluster.observed.ReportedNode;
import dev.podbond.json.JsonObject;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.ResyncQueue;
import dev.podbond.operator.view.ClusterView;
import dev.podbond.operator.view.NodeReports;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Looks at a node whenever its report or one of its pods changes, and when something that was seen
/// begins to count. Only the leader does. While it waits for news, it neither reads nor writes.
public final class BondObserver implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BondObserver.class.getName());

  /// Statuses of BondNetworks follow in bursts, as they do after changes of pods: at most twenty a
  /// second.
  private static final Duration BURST = Duration.ofSeconds(2);

  private static final Duration BURST_PER_BOND = Duration.ofMillis(50);

  /// Reports of one node come close together.
  private static final Duration MOMENT = Duration.ofMillis(100);

  private final ClusterView view;
  private final NodeReports reports;
  private final InstantSource clock;
  private final PodStatuses statuses;
  private final EventWrites events;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("bonds").factory());
  private final Map<String, ReportedNode> watches = new HashMap<>();
  private final Map<String, ScheduledFuture<?>> due = new HashMap<>();
  private final Set<String> crowd = new HashSet<>();
  private final ResyncQueue crowds = new ResyncQueue(this::crowdPassed);

  /// Call [#start] once this replica leads.
  ///
  /// @param clock says how long something has been as it is: a steady one
  /// @param calendar says what time it is, for whoever reads a condition
  public BondObserver(
      KubernetesClient client,
      ClusterView view,
      NodeReports reports,
      InstantSource clock,
      InstantSource calendar) {
    this.view = view;
    this.reports = reports;
    this.clock = clock;
    events = new EventWrites(event -> client.resource(event).create());
    statuses = new PodStatuses(this::present, PodPatch.with(client), calendar);
  }

  /// Begins to observe; returns at once.
  public void start() {
    reports.listen(node -> {
      request(node, MOMENT);
      networksChanged(view.podsOn(node));
    });
    view.listenToPods(pod -> {
      if (present(pod).isEmpty()) {
        statuses.forget(pod);
      }
      request(pod.node(), MOMENT);
      networksChanged(List.of(pod));
    });
    reports.start(() -> {
      view.nodesWithPods().forEach(node -> request(node, MOMENT));
      view.lookAgain();
    });
  }

  /// The sum of a BondNetwork and what its bonds tell against it, for its status; what is there
  /// now, as long as not all reports were read.
  public Optional<JsonObject> sum(BondNetwork bond, Optional<JsonObject> present) {
    if (!reports.isFull()) {
      return present;
    }
    List<BondedPod> pods = view.podsUsing(bond.path());
    return Optional.of(
        ObservedFindings.with(
            BondSum.of(bond.path(), pods, reports::of).json(),
            bond,
            PodBond.of(bond.path(), pods, reports::of)));
  }

  /// A pod as it is now; empty if it is gone, or will be.
  private Optional<BondedPod> present(BondedPod pod) {
    return view.podsOn(pod.node()).stream()
        .filter(there -> there.uid().equals(pod.uid()))
        .findFirst();
  }

  private synchronized void request(String node, Duration delay) {
    ScheduledFuture<?> planned = due.get(node);
    if (planned != null && planned.getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos()) {
      return;
    }
    if (planned != null) {
      planned.cancel(false);
    }
    due.put(
        node,
        thread.schedule(
            () -> Alone.attempt(() -> "the bonds of node " + node, () -> look(node)),
            delay.toNanos(),
            TimeUnit.NANOSECONDS));
  }

  private void look(String node) {
    synchronized (this) {
      due.remove(node);
    }
    Optional<NodeReport> report = reports.isFull() ? reports.of(node) : Optional.empty();
    List<BondedPod> pods = view.podsOn(node).stream().map(statuses::asWritten).toList();
    if (report.isEmpty()) {
      if (pods.isEmpty()) {
        watches.remove(node);
      }
      return;
    }
    Instant now = clock.instant();
    Look look = watches.getOrDefault(node, ReportedNode.NEW).look(report.get(), pods, now);
    watches.put(node, look.next());
    look.verdicts().forEach(statuses::write);
    look.news().forEach(events::tell);
    if (look.withheld() > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "node {0} had {1} more events than one node may have in a minute",
          node,
          look.withheld());
    }
    look.again().ifPresent(again -> request(node, Duration.between(now, again)));
  }

  private void networksChanged(List<BondedPod> pods) {
    int size;
    synchronized (crowd) {
      pods.stream().flatMap(pod -> pod.uses().stream()).map(BondUse::network).forEach(crowd::add);
      size = crowd.size();
    }
    if (size > 0) {
      crowds.request(BURST.plus(BURST_PER_BOND.multipliedBy(size)));
    }
  }

  private void crowdPassed() {
    Set<String> networks;
    synchronized (crowd) {
      networks = Set.copyOf(crowd);
      crowd.clear();
    }
    networks.forEach(view::lookAgain);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    crowds.close();
    events.close();
    statuses.close();
  }
}
