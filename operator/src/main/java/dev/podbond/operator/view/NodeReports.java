package dev.podbond.operator.view;

import dev.podbond.cluster.observed.NodeReport;
import dev.podbond.operator.kubernetes.AgentPod;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.NodeStateObject;
import dev.podbond.operator.kubernetes.NotReadException;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What the nodes report of their bonds, and which nodes are silent. A node is silent if its agent
/// was not ready for longer than a restart takes: kubelet is the heartbeat, the reports have none.
public final class NodeReports implements AutoCloseable {
  /// How long an agent may be away before its report counts no more.
  static final Duration GRACE = Duration.ofSeconds(60);

  private static final System.Logger LOG = System.getLogger(NodeReports.class.getName());
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final long AGAIN_SECONDS = 60;
  private static final Duration CHECK_PAUSE = Duration.ofSeconds(5);

  /// How long a report may take that is read again: silent nodes wait for it to be found.
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private static final String AGENT = "podbond-agent";

  /// The limit for all reports together, in bytes: of 1,000 nodes with ten bonds each they have
  /// about 6 MiB. Of one node's it is an eighth of that.
  private static final int REPORTS_COST = 24 << 20;

  private final KubernetesClient client;
  private final KubernetesClient once;
  private final String namespace;
  private final InstantSource clock;
  private final Map<String, NodeReport> reports = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> readyAgents = new ConcurrentHashMap<>();
  private final Map<String, Instant> awaySince = new ConcurrentHashMap<>();
  private final Set<String> silent = new HashSet<>();
  private final Map<String, Refused> refused = new ConcurrentHashMap<>();
  private final Room room;
  private final Duration checkPause;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-reports").factory());
  private volatile Consumer<String> listener = _ -> {};
  private volatile boolean full;

  /// From when on agents are known to be away.
  private volatile Instant start;

  private boolean told;

  /// Whose report was read again last.
  private String readLast = "";

  /// A report for which there was no room.
  private record Refused(long version, int cost) {}

  /// @param namespace of the agents' pods
  /// @param clock says for how long an agent is away: a steady one
  public NodeReports(KubernetesClient client, String namespace, InstantSource clock) {
    this(client, namespace, clock, new Room(REPORTS_COST, REPORTS_COST / 8), CHECK_PAUSE);
  }

  /// @param room for all reports; each node is a namespace of it
  /// @param checkPause between two checks
  NodeReports(
      KubernetesClient client,
      String namespace,
      InstantSource clock,
      Room room,
      Duration checkPause) {
    this.client = client;
    once = Resources.tryingOnce(client, TIMEOUT);
    this.checkPause = checkPause;
    this.namespace = namespace;
    this.clock = clock;
    this.room = room;
    start = clock.instant();
  }

  /// Sets the listener, which learns of which nodes there is something new.
  public void listen(Consumer<String> nodeChanged) {
    listener = nodeChanged;
  }

  /// Begins to read; returns at once. If the cluster does not have the kind, it says so once, and
  /// looks again every minute.
  ///
  /// @param filled runs once everything that is stored was read
  public void start(Runnable filled) {
    thread.execute(() -> tryStart(filled));
  }

  /// Whether everything that is stored was read.
  public boolean isFull() {
    return full;
  }

  /// What a node reports; empty if it is silent.
  public Optional<NodeReport> of(String node) {
    return isSilent(node) ? Optional.empty() : Optional.ofNullable(reports.get(node));
  }

  private boolean isSilent(String node) {
    return !readyAgents.containsKey(node)
        && clock.instant().isAfter(awaySince.getOrDefault(node, start).plus(GRACE));
  }

  private void tryStart(Runnable filled) {
    try {
      var _ =
          client
              .resources(NodeStateObject.class)
              .list(new ListOptionsBuilder().withLimit(1L).build());
      watch(filled);
    } catch (RuntimeException e) {
      int code = e instanceof KubernetesClientException refused ? refused.getCode() : 0;
      if (!told) {
        told = true;
        LOG.log(
            System.Logger.Level.WARNING,
            code == NOT_FOUND || code == FORBIDDEN
                ? "there is no kind BondNodeState here, or no right to read it: nothing is said of"
                    + " how bonds are; apply the chart with agent.nodeState.enabled"
                : "cannot read BondNodeStates, tried again",
            code == NOT_FOUND ? null : e);
      }
      var _ = thread.schedule(() -> tryStart(filled), AGAIN_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void watch(Runnable filled) {
    SharedIndexInformer<AgentPod> agents =
        client
            .resources(AgentPod.class)
            .inNamespace(namespace)
            .withLabel("app.kubernetes.io/name", AGENT)
            .withLimit(Resources.LONG_PAGE)
            .runnableInformer(0);
    agents.addEventHandler(new AgentHandler());
    SharedIndexInformer<NodeStateObject> states =
        client.resources(NodeStateObject.class).withLimit(Resources.PAGE).runnableInformer(0);
    states.addEventHandler(new StateHandler());
    Resources.lasting(states.itemStore(new NameOnlyStore<>(NodeStateObject::new)));
    try {
      Resources.lasting(agents).start().toCompletableFuture().join();
      states.start().toCompletableFuture().join();
    } catch (RuntimeException e) {
      agents.stop();
      states.stop();
      throw e;
    }
    // Whoever leads only now has not seen for how long an agent is away.
    start = clock.instant();
    full = true;
    filled.run();
    var _ =
        thread.scheduleWithFixedDelay(
            this::check, checkPause.toMillis(), checkPause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Finds silent nodes, and reads one report for which there was no room and is now. With more of
  /// them the next check would come late, and each has its turn.
  void check() {
    var _ = Alone.attempt(() -> "silent nodes", this::findSilent);
    refused.entrySet().stream()
        .filter(one -> room.has(sharer(one.getKey()), one.getValue().cost()))
        .map(Map.Entry::getKey)
        .min(
            Comparator.<String, Boolean>comparing(node -> node.compareTo(readLast) <= 0)
                .thenComparing(Comparator.naturalOrder()))
        .ifPresent(node -> {
          readLast = node;
          var _ = Alone.attempt(() -> "the report of node " + node, () -> readAgain(node));
        });
  }

  /// Reads a report for which there was no room; nobody tells of it again before it changes.
  private void readAgain(String node) {
    NodeStateObject state = once.resources(NodeStateObject.class).withName(node).get();
    if (state == null) {
      // Its deletion will be told.
      return;
    }
    synchronized (refused) {
      Refused last = refused.get(node);
      // Otherwise something newer was told meanwhile.
      if (last != null && Resources.version(state) >= last.version()) {
        keep(state);
      }
    }
  }

  /// A report that cannot be read counts as none.
  private void keep(NodeStateObject state) {
    String node = state.getMetadata().getName();
    synchronized (refused) {
      refused.remove(node);
      boolean isTaken =
          Alone.attempt(
              () -> Resources.name(state),
              () -> {
                NodeReport now = state.report();
                take(node, Resources.version(state), now.cost());
                if (!now.equals(reports.put(node, now))) {
                  listener.accept(node);
                }
              });
      if (!isTaken) {
        drop(node);
      }
    }
  }

  private void take(String node, long version, int cost) {
    try {
      room.take(sharer(node), node, cost);
    } catch (NotReadException e) {
      refused.put(node, new Refused(version, cost));
      throw e;
    }
  }

  private static String sharer(String node) {
    return "node " + node;
  }

  private void drop(String node) {
    room.leave(node);
    if (reports.remove(node) != null) {
      listener.accept(node);
    }
  }

  private void findSilent() {
    Set<String> now = new HashSet<>();
    reports.keySet().stream().filter(this::isSilent).forEach(now::add);
    Set<String> changed = new HashSet<>(now);
    changed.addAll(silent);
    changed.removeIf(node -> now.contains(node) && silent.contains(node));
    silent.clear();
    silent.addAll(now);
    changed.forEach(listener);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private final class StateHandler implements ResourceEventHandler<NodeStateObject> {
    @Override
    public void onAdd(NodeStateObject state) {
      keep(state);
    }

    @Override
    public void onUpdate(NodeStateObject old, NodeStateObject state) {
      keep(state);
    }

    @Override
    public void onDelete(NodeStateObject state, boolean unknownFinalState) {
      String node = state.getMetadata().getName();
      synchronized (refused) {
        refused.remove(node);
        drop(node);
      }
    }
  }

  /// While one agent's pod follows another, both may be there.
  private final class AgentHandler implements ResourceEventHandler<AgentPod> {
    @Override
    public void onAdd(AgentPod pod) {
      see(pod, pod.isReady());
    }

    @Override
    public void onUpdate(AgentPod old, AgentPod pod) {
      see(pod, pod.isReady());
    }

    @Override
    public void onDelete(AgentPod pod, boolean unknownFinalState) {
      see(pod, false);
    }

    private void see(AgentPod pod, boolean isReady) {
      String node = pod.node();
      if (node.isEmpty()) {
        return;
      }
      String name = pod.getMetadata().getName();
      boolean wasReady = readyAgents.containsKey(node);
      boolean wasSilent = isSilent(node);
      Set<String> ready =
          readyAgents.compute(
              node,
              (_, known) -> {
                Set<String> names = new HashSet<>(known == null ? Set.of() : known);
                boolean _ = isReady ? names.add(name) : names.remove(name);
                return names.isEmpty() ? null : Set.copyOf(names);
              });
      if (ready == null && wasReady) {
        awaySince.put(node, clock.instant());
      } else if (ready != null) {
        awaySince.remove(node);
        if (wasSilent && full) {
          // What was due of the node while it was silent waits for this. It may have been silent
          // for less time than there is between two checks.
          listener.accept(node);
        }
      }
    }
  }
}
