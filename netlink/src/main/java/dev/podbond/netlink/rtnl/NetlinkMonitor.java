package dev.podbond.netlink.rtnl;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.ip.Neighbour;
import dev.podbond.netlink.ip.Route;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.NetlinkEvent.AddressChanged;
import dev.podbond.netlink.rtnl.NetlinkEvent.AddressRemoved;
import dev.podbond.netlink.rtnl.NetlinkEvent.LinkChanged;
import dev.podbond.netlink.rtnl.NetlinkEvent.LinkRemoved;
import dev.podbond.netlink.rtnl.NetlinkEvent.NeighbourChanged;
import dev.podbond.netlink.rtnl.NetlinkEvent.NeighbourRemoved;
import dev.podbond.netlink.rtnl.NetlinkEvent.Overrun;
import dev.podbond.netlink.rtnl.NetlinkEvent.RouteChanged;
import dev.podbond.netlink.rtnl.NetlinkEvent.RouteRemoved;
import dev.podbond.netlink.socket.NetlinkEvents;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The news of one network namespace, as they happen.
///
/// Open it before reading the state it is to keep up to date, or changes in between go unseen. One
/// thread, a platform thread, receives; any other may close.
///
/// ```java
/// try (NetlinkMonitor monitor = NetlinkMonitor.open(pod, Topic.LINKS)) {
///   Optional<NetlinkEvent> event = monitor.next(Duration.ofSeconds(5));
/// }
/// ```
public final class NetlinkMonitor implements AutoCloseable {
  /// What to listen to.
  public enum Topic {
    /// Interfaces.
    LINKS,
    /// Addresses of IPv4 and IPv6.
    ADDRESSES,
    /// Routes of IPv4 and IPv6.
    ROUTES,
    /// Neighbours.
    NEIGHBOURS;

    /// `RTNLGRP_*` of `linux/rtnetlink.h`.
    private Stream<Integer> groups() {
      return switch (this) {
        case LINKS -> Stream.of(1);
        case ADDRESSES -> Stream.of(5, 9);
        case ROUTES -> Stream.of(7, 11);
        case NEIGHBOURS -> Stream.of(3);
      };
    }
  }

  private static final Duration LONGEST = Duration.ofDays(365);

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_DELADDR = 21;
  private static final int RTM_NEWROUTE = 24;
  private static final int RTM_DELROUTE = 25;
  private static final int RTM_NEWNEIGH = 28;
  private static final int RTM_DELNEIGH = 29;

  /// `AF_BRIDGE`: a bridge tells of its ports in link messages and of its forwarding table in
  /// neighbour messages, which are other things than the ones here.
  private static final int AF_BRIDGE = 7;

  private final NetlinkEvents events;
  private final Queue<NetlinkMessage> pending = new ArrayDeque<>();

  private NetlinkMonitor(NetlinkEvents events) {
    this.events = events;
  }

  /// Listens in the network namespace of this process.
  ///
  /// @throws LinuxException if the kernel refuses
  public static NetlinkMonitor open(Topic... topics) throws LinuxException {
    return new NetlinkMonitor(NetlinkEvents.open(groups(topics)));
  }

  /// Listens in another network namespace, which may be closed afterwards.
  ///
  /// @throws LinuxException if it cannot be entered, `EPERM` without `CAP_SYS_ADMIN`
  public static NetlinkMonitor open(Netns netns, Topic... topics) throws LinuxException {
    return new NetlinkMonitor(NetlinkEvents.open(netns, groups(topics)));
  }

  private static Set<Integer> groups(Topic... topics) {
    return Arrays.stream(topics).flatMap(Topic::groups).collect(Collectors.toUnmodifiableSet());
  }

  /// Passes over what there is.
  ///
  /// @return whether there was anything
  boolean skip() throws IOException {
    pending.clear();
    return events.skip();
  }

  NetlinkEvents events() {
    return events;
  }

  /// Waits for the next event, at most as long as given; empty if there was none.
  ///
  /// @throws java.nio.channels.ClosedChannelException if the monitor is or gets closed
  /// @throws IOException if the kernel fails the socket
  public Optional<NetlinkEvent> next(Duration timeout) throws IOException {
    Duration limit = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        NetlinkMessage message;
        while ((message = pending.poll()) != null) {
          Optional<NetlinkEvent> event = event(message);
          if (event.isPresent()) {
            return event;
          }
        }
        switch (events.next(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
          case NetlinkEvents.News.Messages(var messages) -> pending.addAll(messages);
          case NetlinkEvents.News.Lost() -> {
            return Optional.of(new Overrun());
          }
          case NetlinkEvents.News.Silence() -> {
            return Optional.empty();
          }
        }
      }
    } catch (MalformedMessage e) {
      throw new NetlinkException("listen to the kernel's announcements", Errno.EBADMSG, e);
    }
  }

  /// Messages of a kind that was not asked for are no event.
  private static Optional<NetlinkEvent> event(NetlinkMessage message) throws MalformedMessage {
    if (message.payload().length() == 0 || message.payload().u8(0) == AF_BRIDGE) {
      return Optional.empty();
    }
    return switch (message.type()) {
      case RTM_NEWLINK -> Optional.of(new LinkChanged(Link.parse(message)));
      case RTM_DELLINK -> Optional.of(new LinkRemoved(Link.parse(message)));
      case RTM_NEWADDR -> Optional.of(new AddressChanged(IpAddress.parse(message)));
      case RTM_DELADDR -> Optional.of(new AddressRemoved(IpAddress.parse(message)));
      case RTM_NEWROUTE -> Optional.of(new RouteChanged(Route.parse(message)));
      case RTM_DELROUTE -> Optional.of(new RouteRemoved(Route.parse(message)));
      case RTM_NEWNEIGH -> Optional.of(new NeighbourChanged(Neighbour.parse(message)));
      case RTM_DELNEIGH -> Optional.of(new NeighbourRemoved(Neighbour.parse(message)));
      default -> Optional.empty();
    };
  }

  /// Stops listening; a thread waiting in [#next] gets [java.nio.channels.ClosedChannelException].
  /// Further calls do nothing.
  @Override
  public void close() {
    events.close();
  }
}
