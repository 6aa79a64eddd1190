package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.News;
import dev.podbond.agent.watch.WorkQueue.Lane;
import dev.podbond.agent.watch.WorkQueue.Progress;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Looks at the watched pods: reads the state of their bonds, tells and logs what has changed, and
/// has those that lack a member repaired. Knows until when some pod has not been looked at yet.
/// Thread-safe.
final class PodLooks {
  private final Map<Path, WatchedPod> pods;
  private final NodeWatch.PodView view;
  private final Repairs repairs;
  private final WorkQueue queue;
  private final Duration delay;
  private final News news;
  private final AgentLog log;
  private final Consumer<WatchedRecord> incomplete;
  private final FirstLooks firstLooks = new FirstLooks(System::nanoTime);

  /// @param pods those that are watched, each as it was when last looked at; others change it, too
  /// @param delay how long a look waits for more events, as they come in bursts
  /// @param incomplete has a bond repaired
  PodLooks(
      Map<Path, WatchedPod> pods,
      NodeWatch.PodView view,
      Repairs repairs,
      WorkQueue queue,
      Duration delay,
      News news,
      AgentLog log,
      Consumer<WatchedRecord> incomplete) {
    this.pods = pods;
    this.view = view;
    this.repairs = repairs;
    this.queue = queue;
    this.delay = delay;
    this.news = news;
    this.log = log;
    this.incomplete = incomplete;
  }

  /// Plans a look. A query for the bonds never waits for it.
  void plan(Path netns) {
    queue.plan(netns, Lane.QUICK, delay, () -> look(netns));
  }

  private Progress look(Path netns) {
    WatchedPod before = pods.get(netns);
    if (before == null) {
      ended(netns);
      return Progress.DONE;
    }
    WatchedPod now;
    try {
      now =
          view.look(before, netns)
              .holding(repairs::heldBack)
              .remembering(before, Instant.now(), repairs::carrier);
    } catch (IOException e) {
      if (!Files.exists(netns)) {
        ended(netns);
        return Progress.DONE;
      }
      log.warn("the bonds of " + netns + " cannot be read: " + IoReason.withFile(e));
      failed(netns);
      return Progress.AGAIN;
    }
    if (!pods.replace(netns, before, now)) {
      plan(netns);
      return Progress.DONE;
    }
    if (!now.equals(before)) {
      news.changed();
    }
    ended(netns);
    now.changesSince(before).forEach(log::info);
    now.incomplete().forEach(incomplete);
    return Progress.DONE;
  }

  /// The pods of these records were there at the start: each is to be looked at.
  void found(Collection<WatchedRecord> records) {
    boolean wasLast =
        firstLooks.found(
            records.stream()
                .filter(record -> !record.netns().isEmpty())
                .map(record -> Path.of(record.netns()))
                .collect(Collectors.toSet()));
    tell(wasLast);
  }

  /// A pod was looked at, or there is nothing to look at.
  void ended(Path netns) {
    tell(firstLooks.ended(netns));
  }

  /// With the last of the first looks there is more to say: that now all is told.
  private void tell(boolean wasLast) {
    if (wasLast) {
      news.changed();
    }
  }

  /// A pod is there and cannot be looked at.
  void failed(Path netns) {
    firstLooks.failed(netns);
  }

  /// Whether some pod that was there at the start may not have been looked at yet.
  boolean areFirst() {
    return firstLooks.areUnderWay();
  }
}
