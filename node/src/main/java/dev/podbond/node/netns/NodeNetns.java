package dev.podbond.node.netns;

import dev.podbond.bonding.net.Place;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import java.nio.file.Path;
import java.util.Optional;

/// The network namespaces of the node and of one pod, opened once and used from any thread.
///
/// A pod may be gone: then only the host is open, which is enough to give back its VFs.
public final class NodeNetns implements AutoCloseable {
  private final Rtnetlink host;
  private final Optional<Rtnetlink> pod;

  private NodeNetns(Rtnetlink host, Optional<Rtnetlink> pod) {
    this.host = host;
    this.pod = pod;
  }

  /// Opens the namespace this process is in and that of a pod.
  ///
  /// @param podNetns such as `/run/netns/blue`
  /// @throws LinuxException `ENOENT` if there is no such pod, `EINVAL` if the path is no network
  ///   namespace, `EPERM` without `CAP_SYS_ADMIN`
  public static NodeNetns open(Path podNetns) throws LinuxException {
    return open(podNetns, Rtnetlink::open);
  }

  /// Opens any two namespaces, the first of which stands for the host.
  ///
  /// @throws LinuxException as [#open(Path)] does
  public static NodeNetns open(Path hostNetns, Path podNetns) throws LinuxException {
    return open(podNetns, () -> Rtnetlink.open(Netns.of(hostNetns)));
  }

  @FunctionalInterface
  private interface Host {
    Rtnetlink open() throws LinuxException;
  }

  private static NodeNetns open(Path podNetns, Host host) throws LinuxException {
    Rtnetlink pod = Rtnetlink.open(Netns.of(podNetns));
    try {
      return new NodeNetns(host.open(), Optional.of(pod));
    } catch (LinuxException | RuntimeException e) {
      pod.close();
      throw e;
    }
  }

  /// Opens only the namespace of this process, for work that concerns no pod or a pod that is gone.
  public static NodeNetns hostOnly() throws LinuxException {
    return new NodeNetns(Rtnetlink.open(), Optional.empty());
  }

  public Rtnetlink host() {
    return host;
  }

  /// The pod's namespace; empty when it is gone.
  public Optional<Rtnetlink> pod() {
    return pod;
  }

  /// The namespace of a place, if it is there.
  public Optional<Rtnetlink> at(Place place) {
    return switch (place) {
      case HOST -> Optional.of(host);
      case POD -> pod;
    };
  }

  @Override
  public void close() {
    pod.ifPresent(Rtnetlink::close);
    host.close();
  }
}
