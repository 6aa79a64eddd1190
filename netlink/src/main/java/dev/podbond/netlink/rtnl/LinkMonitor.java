package dev.podbond.netlink.rtnl;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.WakeUp;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.socket.MulticastSocket;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.RtmType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Tells when links change in any of many network namespaces. One thread listens to all of them
/// without periodic queries: it sleeps in poll(2) until the kernel announces something.
///
/// Watch a namespace before you read the state that you want to keep up to date; otherwise you miss
/// the changes in between. One thread, a platform thread, calls [#await]. Any thread may watch,
/// forget and wake up.
///
/// ```java
/// try (LinkMonitor<Path> monitor = LinkMonitor.open()) {
///   monitor.watch(path, pod);
///   monitor.await(Duration.ofSeconds(5), listener);
/// }
/// ```
///
/// @param <K> the caller's key for a namespace
public final class LinkMonitor<K> implements AutoCloseable {
  private static final int RTNLGRP_LINK = 1;
  private static final int RTNLGRP_IPV4_IFADDR = 5;
  private static final int RTNLGRP_IPV6_IFADDR = 9;

  private static final Set<Integer> LINKS = Set.of(RTNLGRP_LINK);
  private static final Set<Integer> LINKS_AND_ADDRESSES =
      Set.of(RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR);

  /// `AF_BRIDGE`: a bridge also sends link messages about its ports; these have another content.
  private static final int AF_BRIDGE = 7;

  /// How many datagrams we read of this process's own namespace in one [#await], so that the other
  /// namespaces get their turn.
  static final int MOST_READ = 64;

  /// How many datagrams we discard unread of another namespace in one [#await]: about as many as
  /// the kernel queues at most.
  static final int MOST_SKIPPED = 1024;

  /// Receives the news, in the thread that called [LinkMonitor#await].
  ///
  /// @param <K> the caller's key for a namespace
  public interface Listener<K> {
    /// A link of this process's own namespace is new or changed. The kernel also announces changes
    /// that this module does not show.
    void linkChanged(Link link);

    /// The kernel had to drop news of this process's own namespace, because this listener was too
    /// slow. The listener must read the state of the namespace again.
    void newsLost();

    /// A link or an address has changed in another namespace, or news of that namespace was lost.
    void changed(K where);
  }

  private final LinuxCalls calls;
  private final WakeUp wake;
  private final MulticastSocket own;
  private final Map<K, MulticastSocket> others = new LinkedHashMap<>();
  private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();

  private LinkMonitor(LinuxCalls calls, MulticastSocket own, WakeUp wake) {
    this.calls = calls;
    this.own = own;
    this.wake = wake;
  }

  /// Listens to the links of this process's own namespace.
  ///
  /// @throws LinuxException if the kernel refuses
  public static <K> LinkMonitor<K> open() throws LinuxException {
    return open(LinuxCalls.system(), MulticastSocket.open(LINKS));
  }

  static <K> LinkMonitor<K> open(LinuxCalls calls, MulticastSocket own) throws LinuxException {
    try {
      return new LinkMonitor<>(calls, own, WakeUp.open(calls));
    } catch (LinuxException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  /// Also listens to `netns`, which may be closed afterwards. A namespace watched before under the
  /// same key is forgotten. The listener learns only that something has changed: reading the
  /// messages would cost more than anything else here, and a process in a pod can make changes
  /// without end.
  ///
  /// @throws LinuxException if it cannot be entered, `EPERM` without `CAP_SYS_ADMIN`
  public void watch(K key, Netns netns) throws LinuxException {
    watch(key, MulticastSocket.open(netns, LINKS_AND_ADDRESSES));
  }

  void watch(K key, MulticastSocket socket) {
    change(() -> {
      forgetNow(key);
      others.put(key, socket);
    });
  }

  /// Stops listening to a namespace, and keeps no descriptor that would hold it.
  public void forget(K key) {
    change(() -> forgetNow(key));
  }

  private void forgetNow(K key) {
    MulticastSocket former = others.remove(key);
    if (former != null) {
      former.close();
    }
  }

  /// The listening thread makes the change, because nobody may close a descriptor while that thread
  /// polls it.
  private void change(Runnable change) {
    changes.add(change);
    wake.ring();
  }

  /// Ends the present or next wait in [#await].
  public void wakeUp() {
    wake.ring();
  }

  /// Waits for news, at most until the timeout, and tells the listener. [#wakeUp], a signal,
  /// [#watch] and [#forget] end the wait early.
  ///
  /// @throws IOException if a socket fails; the next call delivers the other news
  public void await(Duration timeout, Listener<K> listener) throws IOException {
    applyChanges();
    List<Map.Entry<K, MulticastSocket>> watched = new ArrayList<>(others.entrySet());
    int[] fds = new int[watched.size() + 2];
    fds[0] = wake.fd();
    fds[1] = own.fd();
    for (int i = 0; i < watched.size(); i++) {
      fds[i + 2] = watched.get(i).getValue().fd();
    }
    BitSet ready = calls.poll(fds, millis(timeout));
    if (ready.get(0)) {
      wake.silence();
    }
    for (int i = ready.nextSetBit(2); i >= 0; i = ready.nextSetBit(i + 1)) {
      Map.Entry<K, MulticastSocket> one = watched.get(i - 2);
      if (one.getValue().skip(MOST_SKIPPED)) {
        listener.changed(one.getKey());
      }
    }
    if (ready.get(1)) {
      hearOwn(listener);
    }
  }

  private static int millis(Duration timeout) {
    return (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
  }

  private void applyChanges() {
    for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
      change.run();
    }
  }

  private void hearOwn(Listener<K> listener) throws IOException {
    for (int read = 0; read < MOST_READ; read++) {
      try {
        List<NetlinkMessage> messages = own.receive();
        if (messages.isEmpty()) {
          return;
        }
        for (NetlinkMessage message : messages) {
          if (isOfLink(message)) {
            listener.linkChanged(Link.parse(message));
          }
        }
      } catch (LinuxException e) {
        if (!e.errno().equals(Errno.ENOBUFS)) {
          throw e;
        }
        listener.newsLost();
      } catch (MalformedMessage e) {
        throw new NetlinkException("listen to the kernel's announcements", Errno.EBADMSG, e);
      }
    }
  }

  private static boolean isOfLink(NetlinkMessage message) throws MalformedMessage {
    return message.type() == RtmType.NEWLINK
        && message.payload().length() > 0
        && message.payload().u8(0) != AF_BRIDGE;
  }

  /// Closes all sockets; no thread may be in [#await].
  @Override
  public void close() {
    applyChanges();
    others.values().forEach(MulticastSocket::close);
    others.clear();
    own.close();
    wake.close();
  }
}
