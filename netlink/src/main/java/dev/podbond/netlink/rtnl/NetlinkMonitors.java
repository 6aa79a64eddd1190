package dev.podbond.netlink.rtnl;

import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.socket.EventSelector;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The news of many network namespaces, received by one thread without asking around: it sleeps in
/// poll(2) until the kernel has something to say.
///
/// One thread, a platform thread, calls [#next]; any may add, remove and wake up.
///
/// @param <K> what tells the namespaces apart
public final class NetlinkMonitors<K> implements AutoCloseable {
  private static final int MOST_AT_A_TIME = 64;

  private final EventSelector selector;
  private final Map<K, NetlinkMonitor> monitors = new LinkedHashMap<>();
  private final Set<K> unread = new HashSet<>();
  private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
  private final Queue<News<K>> pending = new ArrayDeque<>();

  private NetlinkMonitors(EventSelector selector) {
    this.selector = selector;
  }

  /// None yet.
  ///
  /// @throws LinuxException if the kernel has no descriptor to give
  public static <K> NetlinkMonitors<K> open() throws LinuxException {
    return new NetlinkMonitors<>(EventSelector.open());
  }

  /// An event and where it happened.
  public record News<K>(K where, NetlinkEvent event) {}

  /// Listens to one more; what listened under this key before is closed.
  public void add(K key, NetlinkMonitor monitor) {
    change(() -> {
      NetlinkMonitor former = monitors.put(key, monitor);
      if (former != null) {
        former.close();
      }
    });
  }

  /// Listens to one more of which it is enough to know that there is news: reading it costs more
  /// than anything else here.
  public void addUnread(K key, NetlinkMonitor monitor) {
    change(() -> unread.add(key));
    add(key, monitor);
  }

  /// Listens to one less, and closes it.
  public void remove(K key) {
    change(() -> {
      unread.remove(key);
      NetlinkMonitor former = monitors.remove(key);
      if (former != null) {
        former.close();
      }
    });
  }

  /// Left to the receiving thread, since no descriptor may be closed under its poll(2).
  private void change(Runnable change) {
    changes.add(change);
    selector.wakeUp();
  }

  /// Ends the present or next wait in [#next].
  public void wakeUp() {
    selector.wakeUp();
  }

  /// Waits for the next event, at most as long as given; empty if there was none, or if the wait
  /// was ended by [#wakeUp] or by a change.
  ///
  /// @throws IOException if the kernel fails a socket
  public Optional<News<K>> next(Duration timeout) throws IOException {
    applyChanges();
    if (pending.isEmpty()) {
      collect(timeout);
    }
    return Optional.ofNullable(pending.poll());
  }

  private void applyChanges() {
    for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
      change.run();
    }
  }

  private void collect(Duration timeout) throws IOException {
    List<Map.Entry<K, NetlinkMonitor>> all = new ArrayList<>(monitors.entrySet());
    List<Integer> ready =
        selector.select(all.stream().map(entry -> entry.getValue().events()).toList(), timeout);
    for (int index : ready) {
      K key = all.get(index).getKey();
      NetlinkMonitor monitor = all.get(index).getValue();
      if (unread.contains(key)) {
        if (monitor.skip()) {
          pending.add(new News<>(key, new NetlinkEvent.Unread()));
        }
        continue;
      }
      // No more than a few at a time: the others wait in the kernel, which limits them.
      Optional<NetlinkEvent> event = monitor.next(Duration.ZERO);
      for (int read = 0; event.isPresent(); read++) {
        pending.add(new News<>(key, event.get()));
        event = read < MOST_AT_A_TIME ? monitor.next(Duration.ZERO) : Optional.empty();
      }
    }
  }

  /// Closes all; no thread may be in [#next].
  @Override
  public void close() {
    applyChanges();
    monitors.values().forEach(NetlinkMonitor::close);
    monitors.clear();
    selector.close();
  }
}
