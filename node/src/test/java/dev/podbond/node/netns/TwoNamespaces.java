package dev.podbond.node.netns;

import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.netlink.netns.NamedNetns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.kernel.NodeKernel;
import dev.podbond.node.observe.NodeObserver;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// A pod's namespace made for a test. Its host is another such namespace or the machine itself.
/// Everything virtual in them ends with them.
public final class TwoNamespaces implements AutoCloseable {
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final Polling POLLING = new Polling(WaitClock.SYSTEM);

  private final String hostName;
  private final String podName;
  private final boolean ownsHost;
  private final NodeNetns netns;

  private TwoNamespaces(boolean ownsHost) throws IOException {
    int number = NEXT.incrementAndGet();
    this.ownsHost = ownsHost;
    this.hostName = String.format(Locale.ROOT, "node-test-host-%d", number);
    this.podName = String.format(Locale.ROOT, "node-test-pod-%d", number);
    Path pod = NamedNetns.create(podName);
    this.netns = ownsHost ? NodeNetns.open(NamedNetns.create(hostName), pod) : NodeNetns.open(pod);
  }

  /// Two empty namespaces.
  public static TwoNamespaces empty() throws IOException {
    return new TwoNamespaces(true);
  }

  /// An empty pod on this machine.
  public static TwoNamespaces onThisMachine() throws IOException {
    return new TwoNamespaces(false);
  }

  public NodeNetns netns() {
    return netns;
  }

  public Rtnetlink host() {
    return netns.host();
  }

  public Rtnetlink pod() {
    return netns.pod().orElseThrow();
  }

  public Path podPath() {
    return NamedNetns.path(podName);
  }

  public NodeKernel kernel() {
    return new NodeKernel(netns, new PciDevices(Path.of("/sys")), POLLING);
  }

  /// The kernel for changes that were decided on these facts.
  public NodeKernel kernel(NodeFacts seen) {
    return new NodeKernel(netns, new PciDevices(Path.of("/sys")), POLLING, seen);
  }

  public NodeObserver observer() {
    return new NodeObserver(netns, new PciDevices(Path.of("/sys")));
  }

  @Override
  public void close() throws IOException {
    netns.close();
    NamedNetns.delete(podName);
    if (ownsHost) {
      NamedNetns.delete(hostName);
    }
  }
}
