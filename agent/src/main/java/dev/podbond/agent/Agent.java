package dev.podbond.agent;

import dev.podbond.agent.pending.CallsInTurn;
import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.question.MetricsHttp;
import dev.podbond.agent.question.Questions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.CallHandler;
import dev.podbond.agent.serve.CallServer;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.agent.serve.News;
import dev.podbond.agent.serve.QueryService;
import dev.podbond.agent.serve.ShimHost;
import dev.podbond.agent.serve.ShimListener;
import dev.podbond.agent.serve.ShimService;
import dev.podbond.agent.serve.Strangers;
import dev.podbond.agent.uplink.SettingsSource;
import dev.podbond.agent.uplink.UplinkWatch;
import dev.podbond.agent.watch.NodeWatch;
import dev.podbond.agent.watch.Repairs;
import dev.podbond.agent.watch.WatchedBond;
import dev.podbond.agent.watch.WorkQueue;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.linkstate.VfLinkStates;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.netlink.NativeHeap;
import dev.podbond.node.lldp.PfLldpReceiver;
import dev.podbond.node.probe.PfProbes;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.state.StateException;
import dev.podbond.node.state.StateLayout;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.plugins.demotion.Demoting;
import dev.podbond.plugins.linkstate.VfLinkSwitch;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IoReason;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The agent of a node: its parts put together.
///
/// All state is on disk and in the kernel, so the next agent continues the work of an agent that
/// was killed.
public final class Agent implements AutoCloseable {
  /// Without a call.
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(10);

  private final NodeEnvironment node;
  private final AgentLog log;
  private final NodeLocks locks;
  private final ContainerOrder order = new ContainerOrder();
  private final AttachmentStore records;
  private final PendingDeletions pending;
  private final NodeCounters counters = new NodeCounters();
  private final News news = new News();
  private final CallServer calls;
  private final PluginExec ownExec;
  private final WorkQueue queue;
  private final NodeWatch watch;
  private final Repairs repairs;
  private final UplinkWatch uplinks;
  private final Questions questions;
  private final ShimService service;
  private final List<Strangers> strangers = new ArrayList<>();
  private volatile boolean called;

  private Agent(NodeEnvironment node, Optional<String> nodeName, Listening listening, AgentLog log)
      throws IOException, StateException {
    this.node = node;
    this.log = log;
    StateLayout.clear(node.stateDirectory(), log::warn);
    this.locks = NodeLocks.open(node.stateDirectory(), new Polling(WaitClock.SYSTEM));
    this.records = new AttachmentStore(node.stateDirectory());
    this.pending = new PendingDeletions(node.stateDirectory(), node.files());
    this.calls = new CallServer(node, counters, log);
    this.ownExec = node.ipam();
    this.repairs =
        new Repairs(node, order, pending, this::serveInTurn, this::storedBytes, counters, log);
    this.queue = new WorkQueue(log);
    this.watch = NodeWatch.open(repairs, pending.directory(), queue, counters, news, log);
    this.uplinks =
        new UplinkWatch(
            SettingsSource.of(node.settingsFile().resolveSibling("uplink.json"), nodeName),
            watch.readings()::pfNames,
            senses(),
            news::changed,
            bonds(),
            vfs(),
            counters,
            log);
    this.questions =
        new Questions(watch, pending, counters, uplinks, () -> followSoon(nodeName), log);
    this.service =
        new ShimService(
            ShimListener.open(listening.calls()),
            gate(),
            questions::answer,
            ownExec,
            this::storedBytes,
            this::worked,
            log);
  }

  /// Opens the socket for calls, which [#run] serves, and starts putting the node in order.
  /// Questions are answered from the start.
  public static Agent start(NodeEnvironment node, Listening listening, AgentLog log)
      throws IOException, StateException {
    return start(node, Optional.empty(), listening, log);
  }

  /// The same on a node of a cluster.
  ///
  /// @param nodeName the node's name there, by which it finds what UplinkMonitors set for it
  static Agent start(
      NodeEnvironment node, Optional<String> nodeName, Listening listening, AgentLog log)
      throws IOException, StateException {
    Agent agent = new Agent(node, nodeName, listening, log);
    boolean started = false;
    try {
      agent.watch.start();
      agent.restoreDemoted();
      agent.uplinks.follow();
      agent.answerStrangers(listening);
      started = true;
    } finally {
      if (!started) {
        agent.close();
      }
    }
    log.info("serves " + listening.calls());
    return agent;
  }

  /// An agent that was killed, or that could not end in order, has left members demoted, or VFs
  /// without a link.
  private void restoreDemoted() {
    queue.plan(
        "demoted",
        WorkQueue.Lane.QUICK,
        Duration.ZERO,
        () -> uplinks.begin() ? WorkQueue.Progress.DONE : WorkQueue.Progress.AGAIN);
  }

  private UplinkWatch.Senses senses() {
    PciDevices devices = new PciDevices(node.sysfs());
    return new UplinkWatch.Senses(
        repairs::ports, new PfProbes(devices), new PfLldpReceiver(devices));
  }

  private UplinkWatch.Bonds bonds() {
    return new UplinkWatch.Bonds() {
      @Override
      public List<WatchedBond> watched() {
        return watch.readings().watched();
      }

      @Override
      public Demoting.Outcome judge(AttachmentKey key, Demoting.Orders orders) {
        return repairs.judge(key, orders);
      }

      @Override
      public boolean forEachDemoted(Consumer<AttachmentKey> each) {
        return repairs.forEachDemoted(each);
      }

      @Override
      public void changed(AttachmentKey key) {
        watch.demoted(key);
      }
    };
  }

  private UplinkWatch.Vfs vfs() {
    return new UplinkWatch.Vfs() {
      @Override
      public AttachedVfs attached() {
        return watch.attachedVfs();
      }

      @Override
      public boolean isComplete() {
        return watch.isReady();
      }

      @Override
      public VfLinkSwitch.Outcome judge(PciAddress pf, VfLinkStates.Orders orders) {
        return repairs.judge(pf, orders);
      }

      @Override
      public boolean forEachWritten(Consumer<PciAddress> each) {
        return repairs.forEachDisabling(each);
      }
    };
  }

  /// Answers whoever asks. If that is not possible, calls are served all the same: pods need them.
  private void answerStrangers(Listening listening) {
    listening
        .questions()
        .ifPresent(socket ->
            answer(
                "" + socket,
                () -> QueryService.start(socket, questions::answerStranger, news, log)));
    listening
        .metrics()
        .ifPresent(where ->
            answer(
                "http:/" + where.address() + "/metrics",
                () -> MetricsHttp.start(where, questions::metrics, log)));
  }

  private interface Start {
    Strangers run() throws IOException;
  }

  private void answer(String where, Start start) {
    try {
      strangers.add(start.run());
      log.info("answers questions of everybody on " + where);
    } catch (IOException e) {
      log.warn("nobody can ask on " + where + ": " + IoReason.withFile(e));
    }
  }

  /// In a cluster nobody need ask for bonds or metrics, and settings come and go as objects of the
  /// cluster: so whoever asks whether the agent lives has it look for them.
  private void followSoon(Optional<String> nodeName) {
    if (nodeName.isPresent()) {
      queue.plan(
          "uplink settings",
          WorkQueue.Lane.QUICK,
          Duration.ZERO,
          () -> {
            uplinks.follow();
            return WorkQueue.Progress.DONE;
          });
    }
  }

  /// Serves until [#close].
  public void run() {
    service.run();
  }

  /// Whether a shim has sent a call; a question does not count.
  boolean hasBeenCalled() {
    return called;
  }

  /// Call this after work in this process, so that its memory is given back once the process is
  /// idle. A burst of calls, or the warm-up, grows the heap and what the compiler holds. Only a
  /// full collection shrinks the heap, and an idle JVM never runs one by itself.
  void worked() {
    queue.putOff(
        "collection",
        WorkQueue.Lane.QUICK,
        IDLE_LIMIT,
        () -> {
          System.gc();
          NativeHeap.trim();
          return WorkQueue.Progress.DONE;
        });
  }

  private CallHandler gate() {
    CallHandler turns = new CallsInTurn(order, pending, calls::serve, watched(), log);
    return (call, ipam) -> {
      called = true;
      return turns.serve(call, node.builtIn(ipam, new ShimHost(call.sight()), log::info));
    };
  }

  /// The bytes on disk about an attachment: its record, and its deletions that wait. A call about
  /// the attachment reads all of them.
  private long storedBytes(String containerId, String ifname) {
    return records.heldBytes(new AttachmentKey(containerId, ifname))
        + pending.heldBytes(containerId, ifname);
  }

  private CallsInTurn.Listener watched() {
    return new CallsInTurn.Listener() {
      @Override
      public void begins(Call call) {
        if (call.verb().equals("DEL")) {
          watch.leaving(key(call));
        }
      }

      @Override
      public void ended(Call call, boolean succeeded) {
        if (!succeeded) {
          watch.stayed(key(call));
          return;
        }
        switch (call.verb()) {
          case "ADD" -> watch.made(key(call));
          case "DEL" -> watch.removed(key(call));
          case "GC" -> watch.changed();
          default -> {}
        }
      }

      private AttachmentKey key(Call call) {
        return new AttachmentKey(call.containerId(), call.ifname());
      }
    };
  }

  /// Serves a call that waited. The caller holds the container's turn.
  private Answer serveInTurn(Call call) {
    return calls.serve(call, ownExec);
  }

  /// Lets the work under way end, then closes everything. What is demoted comes back first, since
  /// that work may take longer than whoever ends this process waits; what it keeps busy comes back
  /// after it.
  @Override
  public void close() throws IOException, StateException {
    for (Strangers one : strangers) {
      try {
        one.close();
      } catch (IOException e) {
        log.warn("a way to ask cannot be closed: " + IoReason.withFile(e));
      }
    }
    news.close();
    uplinks.close();
    boolean _ = uplinks.restore();
    try {
      service.close();
      watch.close();
    } finally {
      if (!uplinks.restore()) {
        log.warn(
            "some members of bonds stay demoted, or some VFs without a link: the next agent"
                + " restores them");
      }
      locks.close();
    }
    log.info("stopped");
  }
}
