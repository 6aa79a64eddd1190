package dev.podbond.plugins.warmup;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.ipam.HostView;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/// A pod for practice that only this process knows: an unnamed network namespace with the two ends
/// of one cable, of which a bond can be made, and a directory for the state of a node. Closing it
/// leaves nothing.
///
/// If the kernel grants no namespace (in a container that builds an image, say), the path leads
/// nowhere, and the practice ends as for a pod that is gone.
public final class WarmUpPod implements AutoCloseable {
  private static final String MEMBER1 = "training1";
  private static final String MEMBER2 = "training2";

  private static final String ADDRESSES =
      """
      {"cniVersion": "1.0.0", "ips": [{"address": "192.0.2.2/24", "gateway": "192.0.2.1"}],
       "routes": [{"dst": "198.51.100.0/24"}, {"dst": "203.0.113.0/24"}]}
      """;

  /// The configuration of a VF that no machine has.
  public static final String VF =
      """
      {"cniVersion": "1.0.0", "name": "training", "type": "sriov", "deviceID": "ffff:ff:1f.7",
       "vlan": 0, "vlanQoS": 0, "ipam": {}}
      """;

  private final Path directory;
  private final Optional<Netns> netns;

  private WarmUpPod(Path directory, Optional<Netns> netns) {
    this.directory = directory;
    this.netns = netns;
  }

  /// Makes it as far as the kernel allows.
  ///
  /// @param directory its own; this first deletes the leftovers of a killed process
  public static WarmUpPod open(Path directory) throws IOException {
    delete(directory);
    Files.createDirectory(directory);
    return new WarmUpPod(directory, namespace());
  }

  private static Optional<Netns> namespace() {
    Netns netns;
    try {
      netns = Netns.create();
    } catch (LinuxException _) {
      return Optional.empty();
    }
    try (Rtnetlink net = Rtnetlink.open(Netns.of(netns.path()))) {
      net.links().create(NewLink.veth(MEMBER1, MEMBER2));
    } catch (IOException _) {
      // This kernel has no veth: the practice ends at the missing members.
    }
    return Optional.of(netns);
  }

  /// Its own directory.
  public Path directory() {
    return directory;
  }

  /// The configuration of a bond of this pod's two links.
  public String bond() {
    return """
    {"cniVersion": "1.0.0", "name": "training", "type": "bond", "mode": "active-backup",
     "failOverMac": 1, "miimon": "100", "linksInContainer": true,
     "links": [{"name": "%s"}, {"name": "%s"}],
     "ipam": {"type": "host-local", "subnet": "192.0.2.0/24", "dataDir": "%s",
              "routes": [{"dst": "198.51.100.0/24"}, {"dst": "203.0.113.0/24"}]}}
    """
        .formatted(MEMBER1, MEMBER2, addresses());
  }

  /// Takes the links of both members away, as when a cable is cut: they are two ends of one.
  ///
  /// @throws IOException if the kernel refuses
  public void cut() throws IOException {
    change(LinkChange.of().takeDown());
  }

  /// Gives both their links again.
  ///
  /// @throws IOException if the kernel refuses
  public void mend() throws IOException {
    change(LinkChange.of().bringUp());
  }

  private void change(LinkChange change) throws IOException {
    if (netns.isPresent()) {
      try (Rtnetlink net = Rtnetlink.open(Netns.of(netns.get().path()))) {
        net.links().change(net.links().get(MEMBER1).index(), change);
      }
    }
  }

  /// Where host-local keeps the addresses of its network.
  public Path addresses() {
    return directory.resolve("networks");
  }

  /// The host of the practice: it has every plugin, and its files are ours.
  public static HostView host() {
    return new HostView() {
      @Override
      public boolean hasPlugin(String type, Map<String, String> env) {
        return true;
      }

      @Override
      public boolean shares(Path place) {
        return true;
      }
    };
  }

  /// A node that keeps its state in the pod's directory and logs no warnings. An IPAM plugin that
  /// it executes always returns the same address.
  public NodeEnvironment node() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
    PluginExec ipam = (_, env, _) -> assigned(env);
    return new NodeEnvironment(
        directory.resolve("state"),
        NodeEnvironment.ofThisMachine(nowhere).sysfs(),
        directory.resolve("node.json"),
        directory.resolve("sriov-cni"),
        ipam,
        nowhere);
  }

  /// The variables of a call about this pod.
  public Map<String, String> env(String verb) {
    return Map.of(
        "CNI_COMMAND",
        verb,
        "CNI_CONTAINERID",
        "training",
        "CNI_NETNS",
        netns.map(open -> open.path().toString()).orElse("/run/netns/training"),
        "CNI_IFNAME",
        "training0",
        "CNI_PATH",
        "/nowhere");
  }

  /// What an IPAM plugin prints in a call with these variables.
  public static String assigned(Map<String, String> env) {
    return "ADD".equals(env.get("CNI_COMMAND")) ? ADDRESSES : "";
  }

  @Override
  public void close() throws IOException {
    netns.ifPresent(Netns::close);
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
