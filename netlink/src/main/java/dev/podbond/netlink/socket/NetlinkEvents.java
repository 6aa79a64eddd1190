package dev.podbond.netlink.socket;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.NetnsThread;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// A `NETLINK_ROUTE` socket that listens to what the kernel announces in one network namespace.
///
/// One thread receives; any other may close. Waiting blocks the thread in poll(2), so it should be
/// a platform thread: a virtual one would hold its carrier.
public final class NetlinkEvents implements AutoCloseable {
  private final LinuxCalls calls;
  private final Datagrams datagrams;
  private final Fd socket;
  private final WakeUp wake;
  private final ReentrantLock receiving = new ReentrantLock();

  private NetlinkEvents(LinuxCalls calls, Datagrams datagrams, Fd socket, WakeUp wake) {
    this.calls = calls;
    this.datagrams = datagrams;
    this.socket = socket;
    this.wake = wake;
  }

  /// Listens in the network namespace of this process.
  ///
  /// @param groups `RTNLGRP_*`
  /// @throws LinuxException if the kernel refuses
  public static NetlinkEvents open(Set<Integer> groups) throws LinuxException {
    LinuxCalls calls = LinuxCalls.system();
    return adopt(calls, Datagrams.open(calls), groups);
  }

  /// Listens in another network namespace.
  ///
  /// @throws LinuxException if the namespace cannot be entered, `EPERM` without `CAP_SYS_ADMIN`
  public static NetlinkEvents open(Netns netns, Set<Integer> groups) throws LinuxException {
    int number = NetnsThread.system().inside(netns.fd(), Datagrams::open);
    return adopt(LinuxCalls.system(), number, groups);
  }

  static NetlinkEvents adopt(LinuxCalls calls, int number, Set<Integer> groups)
      throws LinuxException {
    Fd socket = new Fd(calls, number, "netlink event socket");
    try {
      Datagrams datagrams = Datagrams.forAnnouncements(calls, number);
      for (int group : groups) {
        datagrams.join(group);
      }
      return new NetlinkEvents(calls, datagrams, socket, WakeUp.open(calls));
    } catch (LinuxException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /// What [#next] found.
  public sealed interface News {
    /// Announcements of the kernel, in order.
    record Messages(List<NetlinkMessage> messages) implements News {
      public Messages {
        messages = List.copyOf(messages);
      }
    }

    /// The kernel had to drop announcements: what was known must be read again.
    record Lost() implements News {}

    /// Nothing happened in the given time.
    record Silence() implements News {}
  }

  /// Waits for announcements.
  ///
  /// @throws ClosedChannelException if the socket is or gets closed
  /// @throws LinuxException if the kernel fails the socket otherwise
  /// @throws MalformedMessage if what came is no netlink message
  public News next(Duration timeout)
      throws LinuxException, MalformedMessage, ClosedChannelException {
    receiving.lock();
    try {
      Deadline deadline = Deadline.in(timeout);
      while (true) {
        if (socket.isClosed() || wake.isClosed()) {
          throw new ClosedChannelException();
        }
        BitSet ready =
            calls.poll(new int[] {socket.number(), wake.number()}, deadline.remainingMillis());
        if (ready.get(1)) {
          throw new ClosedChannelException();
        }
        if (ready.get(0)) {
          List<NetlinkMessage> messages = datagrams.receiveNow();
          if (!messages.isEmpty()) {
            return new News.Messages(messages);
          }
        }
        if (deadline.isOver()) {
          return new News.Silence();
        }
      }
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.ENOBUFS)) {
        return new News.Lost();
      }
      throw e;
    } finally {
      receiving.unlock();
    }
  }

  /// Passes over all announcements that are there, unread.
  ///
  /// @return whether there were any, or the kernel had to drop some
  public boolean skip() throws LinuxException, ClosedChannelException {
    receiving.lock();
    try {
      if (socket.isClosed()) {
        throw new ClosedChannelException();
      }
      boolean any = false;
      while (datagrams.skipNow()) {
        any = true;
      }
      return any;
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.ENOBUFS)) {
        return true;
      }
      throw e;
    } finally {
      receiving.unlock();
    }
  }

  /// The socket, for poll(2) together with others.
  int number() {
    return socket.number();
  }

  /// Closes the socket; a thread waiting in [#next] gets [ClosedChannelException]. Further calls do
  /// nothing.
  @Override
  public void close() {
    if (wake.isClosed()) {
      return;
    }
    wake.ring();
    // The descriptors must outlive the poll(2) of the receiver, or it might wait on others' files.
    receiving.lock();
    try {
      socket.close();
      wake.close();
    } finally {
      receiving.unlock();
    }
  }
}
