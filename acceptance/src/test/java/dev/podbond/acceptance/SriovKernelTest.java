package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.plugins.recovery.Recovery;
import dev.podbond.value.AttachmentKey;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// VFs in pods: set up through their PFs, and restored afterwards.
class SriovKernelTest extends VfTest {
  private Vf vf;
  private Vf other;
  private List<String> vfBefore;
  private List<String> otherBefore;

  @BeforeEach
  void lookAtVfs() throws Exception {
    vf = vf("pf0", 0);
    other = vf("pf1", 0);
    vfBefore = vf.identity();
    otherBefore = other.identity();
  }

  private PluginCall sriov(String members) {
    return node.sriov(pod, "net1", Network.sriov(vf.pci(), members));
  }

  private void requireAsBefore() throws Exception {
    Eventually.is("the VFs are home", () -> vf.isHome() && other.isHome());
    assertThat(vf.identity()).isEqualTo(vfBefore);
    assertThat(other.identity()).isEqualTo(otherBefore);
    assertThat(node.state()).isEmpty();
  }

  @Test
  void aVfIsSetUpAndBroughtBack() throws Exception {
    PluginCall call =
        sriov(
            "'vlan': 100, 'vlanQoS': 3, 'mac': '02:00:00:00:02:01', 'trust': 'on',"
                + " 'spoofchk': 'off', 'max_tx_rate': 100");
    Outcome added = call.add().ok();
    assertThat(SeenLink.text(added.onlyInterface(), "name")).isEqualTo("net1");
    assertThat(SeenLink.text(added.onlyInterface(), "mac")).isEqualTo("02:00:00:00:02:01");
    assertThat(pod.ip().link("net1").mac()).isEqualTo("02:00:00:00:02:01");
    assertThat(pod.ip().link("net1").isUp()).isTrue();
    assertThat(vf.isHome()).isFalse();
    assertThat(vf.pfSide("address")).isEqualTo("02:00:00:00:02:01");
    assertThat(vf.pfSide("trust")).isEqualTo("true");
    assertThat(vf.pfSide("spoofchk")).isEqualTo("false");
    assertThat(vf.pfSide().toString())
        .contains("\"vlan\":100", "\"qos\":3")
        .contains("\"max_tx\":100");
    call.check(added).ok();
    call.del().ok();
    requireAsBefore();
    call.del().ok();
  }

  @Test
  void aVfWithoutWishesIsOnlyMoved() throws Exception {
    Outcome added = sriov("").add().ok();
    assertThat(SeenLink.text(added.onlyInterface(), "mac")).isEqualTo(vfBefore.get(2));
    assertThat(vf.pfSide().toString()).isEqualTo(vfBefore.getLast());
    sriov("").del().ok();
    requireAsBefore();
  }

  /// As udev does, or a reloaded driver, or a switch to switchdev mode.
  private static void rename(String from, String to) throws Exception {
    Iproute2.ofHost().run("link set " + from + " name " + to);
  }

  private static void exchangePfNames() throws Exception {
    rename("pf0", "pf9");
    rename("pf1", "pf0");
    rename("pf9", "pf1");
  }

  @Test
  void aVfIsCleanAfterItsPfGotAnotherName() throws Exception {
    sriov("'vlan': 100, 'trust': 'on', 'spoofchk': 'off'").add().ok();
    rename("pf0", "ens9f0");
    try {
      sriov("").del().ok();
    } finally {
      rename("ens9f0", "pf0");
    }
    requireAsBefore();
  }

  @Test
  void aVfIsCleanAndAnothersKeepsItsVlanWhereTheirPfsExchangedNames() throws Exception {
    PluginCall first = sriov("'vlan': 100, 'trust': 'on'");
    first.add().ok();
    try (Pod second = Pod.create()) {
      PluginCall running = node.sriov(second, "net1", Network.sriov(other.pci(), "'vlan': 200"));
      Outcome added = running.add().ok();
      exchangePfNames();
      try {
        first.del().ok();
        running.check(added).ok();
      } finally {
        exchangePfNames();
      }
      assertThat(vf.identity()).isEqualTo(vfBefore);
      assertThat(other.pfSide().toString()).contains("\"vlan\":200");
      running.del().ok();
    }
    requireAsBefore();
  }

  /// A driver gives its interface the first free name, which may be that of another VF that is on
  /// its way home as well. That one waits for its name, and leaves the name that it has itself to
  /// the other.
  @Test
  void aVfWhoseNameAnotherHasOnItsWayHomeGetsItNonetheless() throws Exception {
    node.allow("'rebindVfs': 'always'");
    PluginCall call = sriov("");
    call.add().ok();
    String home = vfBefore.getFirst();
    rename(other.link().name(), home);
    CompletableFuture<Outcome> deletion = new CompletableFuture<>();
    Thread.ofPlatform().start(() -> deletion.complete(call.del()));
    Eventually.is("the VF makes way", () -> Iproute2.ofHost().find(home + "_1").isPresent());
    rename(home, otherBefore.getFirst());
    deletion.get(90, TimeUnit.SECONDS).ok();
    requireAsBefore();
  }

  @Test
  void aVfWhosePfHasNoInterfaceIsLeftOverAndTakenBackLater() throws Exception {
    PluginCall call = sriov("'vlan': 100, 'trust': 'on'");
    call.add().ok();
    try (Pod elsewhere = Pod.create()) {
      Iproute2.ofHost().run("link set pf0 netns " + elsewhere.name());
      call.del().failed(104, "VLAN 0", vf.pci(), "no network interface on the host now");
      assertThat(node.state()).isNotEmpty();
      node.sriov(elsewhere, "net1", Network.sriov(vf.pci(), "")).add().failed(11, vf.pci());
      elsewhere.ip().run("link set pf0 netns 1");
    }
    Iproute2.ofHost().run("link set pf0 up");
    call.del().ok();
    requireAsBefore();
  }

  /// The kernel of a node whose VFs are being reset: it refuses each change a few times, and each
  /// undo too, as iavf, ice and i40e do.
  private static Kernel resetting(Kernel kernel) {
    Map<Change, Integer> refused = new HashMap<>();
    return change -> {
      ChangeFailedException busy =
          new ChangeFailedException(change, "EBUSY", "Device or resource busy");
      if (busy.isBusy() && refused.merge(change, 1, Integer::sum) <= 3) {
        throw busy;
      }
      refused.remove(change);
      kernel.apply(change);
    };
  }

  @Test
  void vfsThatAreBeingResetAreWaitedFor() throws Exception {
    node = node.withKernel(SriovKernelTest::resetting);
    PluginCall call = sriov("'mac': '02:00:00:00:02:01', 'trust': 'on', 'vlan': 7");
    call.check(call.add().ok()).ok();
    call.del().ok();
    requireAsBefore();
    PluginCall bond = bondOfDevices(", 'failOverMac': 0, 'mtu': 1400");
    bond.check(bond.add().ok()).ok();
    bond.del().ok();
    requireAsBefore();
    bondOfDevices(", 'failOverMac': 0, 'ipam': {'type': 'missing'}")
        .add()
        .failed(999, "missing", "as before");
    requireAsBefore();
  }

  @Test
  void altNamesComeBackToo() throws Exception {
    String name = vf.link().name();
    Iproute2.ofHost().run("link property add dev " + name + " altname enp1s0v0");
    vfBefore = vf.identity();
    sriov("").add().ok();
    sriov("").del().ok();
    requireAsBefore();
    Iproute2.ofHost().run("link property del dev " + name + " altname enp1s0v0");
  }

  @Test
  void theMacOfArgsAndRuntimeConfigGoesFirst() throws Exception {
    sriov("'mac': '02:00:00:00:02:01'")
        .withArgs("IgnoreUnknown=1;MAC=02:00:00:00:02:02")
        .add()
        .ok();
    assertThat(pod.ip().link("net1").mac()).isEqualTo("02:00:00:00:02:02");
    sriov("").del().ok();
    sriov("'mac': '02:00:00:00:02:01', 'runtimeConfig': {'mac': '02:00:00:00:02:03'}").add().ok();
    assertThat(pod.ip().link("net1").mac()).isEqualTo("02:00:00:00:02:03");
    sriov("").del().ok();
    requireAsBefore();
  }

  @Test
  void checkNamesWhatChanged() throws Exception {
    PluginCall call = sriov("'vlan': 100, 'mac': '02:00:00:00:02:01'");
    Outcome added = call.add().ok();
    vf.set("vlan 200");
    pod.ip().run("link set net1 down");
    call.check(added).failed(103, "pf0", "VLAN", "100", "200", "net1", "should be up");
    call.del().ok();
    requireAsBefore();
  }

  @Test
  void twoPodsNeverGetOneVf() throws Exception {
    sriov("").add().ok();
    try (Pod second = Pod.create()) {
      PluginCall rival = node.sriov(second, "net1", Network.sriov(vf.pci(), ""));
      rival.add().failed(11, vf.pci(), "in use", pod.name());
      rival.del().ok();
      assertThat(pod.ip().find("net1")).isPresent();
      PluginCall bond =
          node.bond(
              second,
              "bond0",
              Network.bond(
                  "'links': [{'deviceID': '%s'}, {'deviceID': '%s'}]"
                      .formatted(vf.pci(), other.pci())));
      bond.add().failed(11, vf.pci(), "in use");
      assertThat(other.identity()).isEqualTo(otherBefore);
      sriov("").del().ok();
      rival.add().ok();
      rival.del().ok();
    }
    requireAsBefore();
  }

  @Test
  void aFailureOfIpamTakesEverythingBack() throws Exception {
    Snapshot before = node.snapshot(pod);
    sriov("'mac': '02:00:00:00:02:01', 'trust': 'on', 'vlan': 7, 'ipam': {'type': 'missing'}")
        .add()
        .failed(999, "missing", "as before");
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
  }

  @Test
  void whatIsNoVfIsRefused() throws Exception {
    node.sriov(pod, "net1", Network.sriov("0000:00:00.0", ""))
        .add()
        .failed(100, "0000:00:00.0", "no VF");
    node.sriov(pod, "net1", Network.sriov("eth7", "")).add().failed(7, "eth7", "PCI address");
  }

  /// The kernel puts VFs back on the host under their pod names and with the bond's MAC.
  @Test
  void vfsOfAVanishedPodAreRestored() throws Exception {
    List<PluginCall> members = twoVfs("'trust': 'on'");
    members.forEach(member -> member.add().ok());
    PluginCall bond = bond("'mode': 'balance-xor', 'failOverMac': 0, 'mtu': 1400");
    bond.add().ok();
    pod.destroy();
    Eventually.is("the VFs are home", () -> vf.isHome() && other.isHome());
    assertThat(vf.link().name()).isEqualTo("net1");
    bond.del().ok();
    members.reversed().forEach(member -> member.del().ok());
    requireAsBefore();
  }

  @Test
  void aVfOfAVanishedPodIsRestoredForTheNextOne() throws Exception {
    sriov("'mac': '02:00:00:00:02:01', 'trust': 'on', 'vlan': 7").add().ok();
    pod.destroy();
    Eventually.is("the VF is home", () -> vf.isHome());
    try (Pod next = Pod.create()) {
      PluginCall call = node.sriov(next, "net5", Network.sriov(vf.pci(), ""));
      call.add().ok();
      assertThat(next.ip().link("net5").mac()).isEqualTo(vfBefore.get(2));
      sriov("").del().ok();
      assertThat(next.ip().find("net5")).isPresent();
      call.del().ok();
    }
    requireAsBefore();
  }

  private Recovery.Outcome recover() throws Exception {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
    return new Recovery(node.forPlugins(nowhere)).recover(new AttachmentKey(pod.name(), "net1"));
  }

  /// The VF of a pod that is gone goes home, and not into the pod that has its path now.
  @Test
  void aVfIsNotBroughtIntoAnotherPodAtThePathOfItsOwn() throws Exception {
    Path path = Files.createSymbolicLink(node.plugins().resolve("netns"), pod.netns());
    sriov("'vlan': 100").withNetns(path.toString()).add().ok();
    try (Pod other = Pod.create()) {
      Files.delete(path);
      Files.createSymbolicLink(path, other.netns());
      pod.destroy();
      Eventually.is("the VF is home", () -> vf.isHome());

      assertThat(recover()).isInstanceOf(Recovery.Outcome.Removed.class);

      assertThat(other.ip().find("net1")).isEmpty();
    }
    requireAsBefore();
  }

  @Test
  void aVfWhosePodsPathLeadsToAnotherPodByNowIsFree() throws Exception {
    Path path = Files.createSymbolicLink(node.plugins().resolve("netns"), pod.netns());
    sriov("'vlan': 100").withNetns(path.toString()).add().ok();
    try (Pod other = Pod.create()) {
      Files.delete(path);
      Files.createSymbolicLink(path, other.netns());
      pod.destroy();
      Eventually.is("the VF is home", () -> vf.isHome());
      PluginCall next = node.sriov(other, "net5", Network.sriov(vf.pci(), ""));

      next.add().ok();
      sriov("").withNetns(path.toString()).del().ok();

      assertThat(other.ip().link("net5").mac()).isEqualTo(vfBefore.get(2));
      next.del().ok();
    }
    requireAsBefore();
  }

  /// Some runtimes name namespaces by process id, and the kernel gives the id to the first process
  /// of another pod.
  @Test
  void norIntoOneWhoseProcessHasTheIdByNow() throws Exception {
    Process first = new ProcessBuilder("unshare", "--net", "sleep", "1000").start();
    Path netns = Path.of("/proc/" + first.pid() + "/ns/net");
    Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
    Eventually.is(
        "the process is in its namespace", () -> !Files.readSymbolicLink(netns).equals(own));
    sriov("").withNetns(netns.toString()).add().ok();
    first.destroyForcibly().waitFor();
    Eventually.is("the VF is home", () -> vf.isHome());
    again(first.pid());
    try {
      Eventually.is(
          "the other process is in its namespace",
          () -> !Files.readSymbolicLink(netns).equals(own));
      assertThat(recover()).isInstanceOf(Recovery.Outcome.Removed.class);
    } finally {
      Shell.run(List.of("kill", "-9", Long.toString(first.pid())));
    }
    requireAsBefore();
  }

  /// Makes the kernel reuse an id, for a process in its own namespace.
  private static void again(long id) throws Exception {
    String start =
        "echo %d > /proc/sys/kernel/ns_last_pid; unshare --net sleep 1000 <&- >&- 2>&- & echo $!"
            .formatted(id - 1);
    Eventually.is(
        "a process has the id again",
        () -> {
          String got = Shell.run(List.of("sh", "-c", start)).strip();
          boolean isIt = got.equals(Long.toString(id));
          if (!isIt) {
            Shell.run(List.of("kill", "-9", got));
          }
          return isIt;
        });
  }

  /// What a tenant with NET_ADMIN does to an interface, and what would cut the next tenant off.
  private void mistreat(String name) throws Exception {
    pod.ip()
        .run(
            "link set "
                + name
                + " arp off multicast off promisc on allmulticast on dynamic on txqueuelen 1");
    pod.ip().run("link set " + name + " gso_max_size 2000 gso_max_segs 2");
    pod.ip().run("link set " + name + " group 7");
    pod.ip().run("link set " + name + " alias mine");
    pod.ip().run("link set " + name + " broadcast 02:00:00:00:00:ff");
    pod.ip().run("link property add dev " + name + " altname mine0");
    pod.exec("tc", "qdisc", "replace", "dev", name, "root", "pfifo", "limit", "1");
  }

  /// Everything that iproute2 reports about the interface, without three things: its number; its
  /// queueing discipline, which an interface that is down may or may not have; and the MAC that
  /// igbvf remembers as its permanent one, the last that it adopted from its PF.
  private static String tuning(Vf one) throws Exception {
    return Iproute2.ofHost()
        .read("link show dev " + one.link().name())
        .getFirst()
        .without("ifindex")
        .without("qdisc")
        .without("permaddr")
        .toString();
  }

  @Test
  void theNextPodGetsAVfAsIfNobodyHadHadIt() throws Exception {
    gateway();
    String tuned = tuning(vf);
    PluginCall call = sriov("");
    Outcome added = call.add().ok();
    mistreat("net1");
    call.check(added).failed(103, "arp should be on, found off", "multicast", "broadcast");
    call.del().ok();
    requireAsBefore();
    assertThat(tuning(vf)).isEqualTo(tuned);
    try (Pod next = Pod.create()) {
      PluginCall again = node.sriov(next, "net1", Network.sriov(vf.pci(), address()));
      again.add().ok();
      assertThat(next.exec("tc", "qdisc", "show", "dev", "net1")).doesNotContain("limit 1p");
      Eventually.is(
          "the gateway answers the next pod",
          () -> next.attempt("ping", "-n", "-c", "1", "-W", "1", "10.56.217.1").exitCode() == 0);
      again.del().ok();
    }
    requireAsBefore();
  }

  /// Each would occupy a name of the host; the last is taken there.
  @Test
  void noneOfTheManyNamesThatAPodGaveAVfComesHomeWithIt() throws Exception {
    PluginCall call = sriov("");
    call.add().ok();
    pod.exec(
        "sh",
        "-c",
        "for i in $(seq 200); do echo link property add dev net1 altname squatter$i; done"
            + " | ip -batch - && ip link property add dev net1 altname pf1");
    call.del().ok();
    requireAsBefore();
  }

  /// For the kernel a name is bytes.
  @Test
  void aVfWhoseNameInThePodIsNoUtf8ComesHomeAsItWas() throws Exception {
    PluginCall call = sriov("");
    call.add().ok();
    pod.exec(
        "sh",
        "-c",
        "n=$(printf '\\377\\376\\303'); ip link set net1 down && ip link set net1 name \"$n\""
            + " && ip link set dev \"$n\" address 02:de:ad:be:ef:01 mtu 1400 up");
    call.del().ok();
    requireAsBefore();
    call.add().ok();
    call.del().ok();
    requireAsBefore();
  }

  @Test
  void theNextPodGetsAVfOfAVanishedPodAsIfNobodyHadHadIt() throws Exception {
    String tuned = tuning(vf);
    PluginCall gone = sriov("");
    gone.add().ok();
    mistreat("net1");
    pod.destroy();
    Eventually.is("the VF is home", () -> vf.isHome());
    try (Pod next = Pod.create()) {
      PluginCall call = node.sriov(next, "net5", Network.sriov(vf.pci(), ""));
      call.check(call.add().ok()).ok();
      gone.del().ok();
      call.del().ok();
    }
    requireAsBefore();
    assertThat(tuning(vf)).isEqualTo(tuned);
  }

  @Test
  void membersOfABondComeHomeAsIfNobodyHadHadThem() throws Exception {
    String tuned = tuning(vf);
    PluginCall bond = bondOfDevices(", 'failOverMac': 0");
    bond.add().ok();
    mistreat("net1");
    bond.del().ok();
    requireAsBefore();
    assertThat(tuning(vf)).isEqualTo(tuned);
  }

  private PluginCall bondOfDevices(String members) {
    return bond(
        """
        'links': [{'deviceID': '%s', 'name': 'net1', 'mac': '02:00:00:00:03:01', 'trust': 'on'},
                  {'deviceID': '%s', 'mac': '02:00:00:00:03:02', 'trust': 'on', 'vlan': 0}]%s
        """
            .formatted(vf.pci(), other.pci(), members));
  }

  @Test
  void oneAttachmentMakesABondOfDevices() throws Exception {
    PluginCall bond = bondOfDevices(", 'failOverMac': 0, 'mtu': 1400");
    Outcome added = bond.add().ok();
    assertThat(pod.ip().link("net1").master()).isEqualTo("bond0");
    assertThat(pod.ip().link("net1").pci()).isEqualTo(vf.pci());
    assertThat(pod.ip().link("bond0").mac()).isEqualTo("02:00:00:00:03:01");
    assertThat(pod.ip().links().stream().filter(link -> link.master().equals("bond0"))).hasSize(2);
    assertThat(other.pfSide("trust")).isEqualTo("true");
    bond.check(added).ok();
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
    requireAsBefore();
  }

  @Test
  void devicesOfABondComeHomeFromAVanishedPod() throws Exception {
    PluginCall bond = bondOfDevices(", 'failOverMac': 0, 'mtu': 1400");
    bond.add().ok();
    pod.destroy();
    Eventually.is("the VFs are home", () -> vf.isHome() && other.isHome());
    assertThat(vf.link().mac()).isNotEqualTo(vfBefore.get(2));
    bond.withNetns("").del().ok();
    requireAsBefore();
  }

  @Test
  void devicesOfABondComeHomeWhenIpamFails() throws Exception {
    Snapshot before = node.snapshot(pod);
    bondOfDevices(", 'failOverMac': 0, 'ipam': {'type': 'missing'}")
        .add()
        .failed(999, "missing", "as before");
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
  }

  @Test
  void devicesWithoutTrustAreRefusedBeforeAnythingIsTouched() throws Exception {
    Snapshot before = node.snapshot(pod);
    bondOfDevices(", 'mode': 'balance-xor', 'failOverMac': 0")
        .with(
            """
            'links': [{'deviceID': '%s', 'mac': '02:00:00:00:03:01', 'trust': 'off'},
                      {'deviceID': '%s', 'mac': '02:00:00:00:03:02', 'trust': 'off'}]
            """
                .formatted(vf.pci(), other.pci()))
        .add()
        .failed(100, other.pci(), "pf1", "trust: on");
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
  }

  /// With its address and its default route, which would not come back.
  @Test
  void theNodesUplinkIsNeverGivenToAPod() throws Exception {
    Iproute2 host = Iproute2.ofHost();
    host.run("link property add dev pf1 altname uplink1");
    host.run("address add 192.168.77.2/24 dev pf1");
    host.run("route add default via 192.168.77.1 dev pf1 metric 4000");
    try {
      Snapshot before = node.snapshot(pod);
      for (String name : List.of("pf1", "uplink1")) {
        bond("'linksInContainer': false, 'links': [{'name': '%s'}, {'name': 'lo'}]".formatted(name))
            .add()
            .failed(
                100,
                "the node itself uses pf1",
                "the address 192.168.77.2/24",
                "the default route",
                "2 VFs of its own");
      }
      assertThat(node.snapshot(pod).differences(before)).isEmpty();
    } finally {
      host.run("address delete 192.168.77.2/24 dev pf1");
      host.run("link property del dev pf1 altname uplink1");
    }
  }

  @Test
  void aVfThatTheNodeUsesIsNeverGivenToAPod() throws Exception {
    Iproute2 host = Iproute2.ofHost();
    String name = vf.link().name();
    String links = "'links': [{%s}, {'deviceID': '" + other.pci() + "'}]";
    for (List<String> use :
        List.of(
            List.of("address %s 192.168.77.2/24 dev " + name, "the address 192.168.77.2/24"),
            List.of("route %s default dev " + name + " metric 4000", "the default route"),
            List.of("-6 route %s default dev " + name + " metric 4000", "the default route"))) {
      host.run("link set " + name + " up");
      host.run(use.getFirst().formatted("add"));
      Snapshot before = node.snapshot(pod);
      sriov("'mac': '02:00:00:00:02:01'")
          .add()
          .failed(100, vf.pci(), "the node itself uses " + name, use.getLast());
      for (String member : List.of("'deviceID': '" + vf.pci() + "'", "'name': '" + name + "'")) {
        bond("'linksInContainer': false, " + links.formatted(member))
            .add()
            .failed(100, "the node itself uses " + name, use.getLast());
      }
      assertThat(node.snapshot(pod).differences(before)).as(use.getLast()).isEmpty();
      host.run(use.getFirst().formatted("del"));
      host.run("link set " + name + " down");
    }
    sriov("").add().ok();
    sriov("").del().ok();
    requireAsBefore();
  }
}
