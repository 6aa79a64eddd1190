package dev.podbond.netlink.socket;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.NetnsThread;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import java.util.List;
import java.util.Set;

/// A `NETLINK_ROUTE` socket that gets what the kernel announces in one network namespace. It never
/// waits: that is for poll(2) on many of them. One thread at a time uses it.
public final class MulticastSocket implements AutoCloseable {
  private final Datagrams datagrams;
  private final Fd fd;

  private MulticastSocket(Datagrams datagrams, Fd fd) {
    this.datagrams = datagrams;
    this.fd = fd;
  }

  /// Opens a socket in the network namespace of this process.
  ///
  /// @param groups `RTNLGRP_*`
  /// @throws LinuxException if the kernel refuses
  public static MulticastSocket open(Set<Integer> groups) throws LinuxException {
    return open(LinuxCalls.system(), groups);
  }

  static MulticastSocket open(LinuxCalls calls, Set<Integer> groups) throws LinuxException {
    return adopt(calls, Datagrams.open(calls), groups);
  }

  /// Opens a socket in another network namespace.
  ///
  /// @throws LinuxException if the namespace cannot be entered, `EPERM` without `CAP_SYS_ADMIN`
  public static MulticastSocket open(Netns netns, Set<Integer> groups) throws LinuxException {
    int number = NetnsThread.system().inside(netns.fd(), Datagrams::open);
    return adopt(LinuxCalls.system(), number, groups);
  }

  private static MulticastSocket adopt(LinuxCalls calls, int number, Set<Integer> groups)
      throws LinuxException {
    Fd fd = new Fd(calls, number, "netlink multicast socket");
    try {
      Datagrams datagrams = Datagrams.forAnnouncements(calls, number);
      for (int group : groups) {
        datagrams.join(group);
      }
      return new MulticastSocket(datagrams, fd);
    } catch (LinuxException | RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /// The descriptor to wait for.
  public int fd() {
    return fd.number();
  }

  /// Takes the next announcements, in the order of the kernel; an empty list if there are none.
  ///
  /// @throws LinuxException `ENOBUFS` if the kernel had to drop some: what was known must be read
  ///   again
  /// @throws MalformedMessage if what came is no netlink message
  public List<NetlinkMessage> receive() throws LinuxException, MalformedMessage {
    return datagrams.receiveNow();
  }

  /// Passes over announcements, unread.
  ///
  /// @param atMost how many datagrams: the rest waits in the kernel, so that a namespace with
  ///   announcements without end holds nobody
  /// @return whether there were any, or the kernel had to drop some
  public boolean skip(int atMost) throws LinuxException {
    boolean any = false;
    try {
      for (int skipped = 0; skipped < atMost && datagrams.skipNow(); skipped++) {
        any = true;
      }
      return any;
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.ENOBUFS)) {
        return true;
      }
      throw e;
    }
  }

  /// Closes the socket; further calls do nothing. Nobody may be in poll(2) on it.
  @Override
  public void close() {
    fd.close();
  }
}
