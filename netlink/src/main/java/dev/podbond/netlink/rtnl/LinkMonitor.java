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

/// Hears that links have changed, in any of many network namespaces. One thread listens to all of
/// them without asking around: it sleeps in poll(2) until the kernel has something to say.
///
/// Watch a namespace before you read the state that is to be kept up to date, or changes in between
/// go unseen. One thread, a platform thread, calls [#await]; any thread may watch, forget and wake
/// up.
///
/// ```java
/// try (LinkMonitor<Path> monitor = LinkMonitor.open()) {
///   monitor.watch(path, pod);
///   monitor.await(Duration.ofSeconds(5), listener);
/// }
/// ```
///
/// @param <K> what tells the namespaces apart
public final class LinkMonitor<K> implements AutoCloseable {
  private static final int RTNLGRP_LINK = 1;
  private static final int RTNLGRP_IPV4_IFADDR = 5;
  private static final int RTNLGRP_IPV6_IFADDR = 9;

  private static final Set<Integer> LINKS = Set.of(RTNLGRP_LINK);
  private static final Set<Integer> LINKS_AND_ADDRESSES =
      Set.of(RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR);

  /// `AF_BRIDGE`: a bridge tells of its ports in link messages too, which are other things.
  private static final int AF_BRIDGE = 7;

  /// How many datagrams are taken from one namespace before the others have their turn.
  static final int MOST_READ = 64;

  /// Passed over unread, more at a time: about what waits in the kernel at most.
  static final int MOST_SKIPPED = 1024;

  /// Is told what was heard, in the thread that called [LinkMonitor#await].
  ///
  /// @param <K> what tells the namespaces apart
  public interface Listener<K> {
    /// A link of this process's own namespace is new or different. The kernel also tells it when
    /// nothing this module shows has changed.
    void linkChanged(Link link);

    /// The kernel had to drop news of this process's own namespace, because this listener was slow:
    /// what was known of it must be read again.
    void newsLost();

    /// Something about links or addresses has changed in another namespace, or news of it were
    /// lost.
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

  /// Listens to one more namespace, which may be closed afterwards; what was watched under this key
  /// before is forgotten. Only that something has changed is told, not what: reading it costs more
  /// than anything else here, and whoever is in a pod can make changes without end.
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

  /// Listens to one namespace less, and keeps nothing that would hold it.
  public void forget(K key) {
    change(() -> forgetNow(key));
  }

  private void forgetNow(K key) {
    MulticastSocket former = others.remove(key);
    if (former != null) {
      former.close();
    }
  }

  /// Left to the listening thread, since no descriptor may be closed under its poll(2).
  private void change(Runnable change) {
    changes.add(change);
    wake.ring();
  }

  /// Ends the present or next wait in [#await].
  public void wakeUp() {
    wake.ring();
  }

  /// Waits until something is heard, and tells it; at most as long as given, and shorter if the
  /// wait is ended by [#wakeUp], a signal, or a change of what is watched.
  ///
  /// @throws IOException if the kernel fails a socket; what else there was to hear is heard next
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

  /// Closes all; no thread may be in [#await].
  @Override
  public void close() {
    applyChanges();
    others.values().forEach(MulticastSocket::close);
    others.clear();
    own.close();
    wake.close();
  }
}
