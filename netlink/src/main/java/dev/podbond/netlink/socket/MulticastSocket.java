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

/// A `NETLINK_ROUTE` socket that receives the kernel's announcements in one network namespace. It
/// never blocks: callers wait with poll(2) on many such sockets. One thread at a time may use it.
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

  /// The descriptor to poll.
  public int fd() {
    return fd.number();
  }

  /// Takes the next announcements, in the kernel's order; an empty list if nothing waits.
  ///
  /// @throws LinuxException `ENOBUFS` if the kernel had to drop announcements: the caller must read
  ///   the state again
  /// @throws MalformedMessage if the datagram is not a sequence of netlink messages
  public List<NetlinkMessage> receive() throws LinuxException, MalformedMessage {
    return datagrams.receiveNow();
  }

  /// Discards announcements unread.
  ///
  /// @param atMost the maximum number of datagrams. The rest waits in the kernel, so a namespace
  ///   with endless announcements cannot hold up the caller
  /// @return whether anything waited, or the kernel had to drop announcements
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

  /// Closes the socket; further calls do nothing. No thread may be polling it.
  @Override
  public void close() {
    fd.close();
  }
}
