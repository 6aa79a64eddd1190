package dev.podbond.acceptance;

import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/// A test with VFs of two PFs. Before each test they are on the host, down and untrusted; each
/// class makes them anew.
abstract class VfTest extends PodTest {
  private static final int PER_PF = 2;
  private static final List<String> PFS = List.of("pf0", "pf1");
  private static final String CONTROL = "device/sriov_numvfs";

  @BeforeAll
  static void makeVfs() throws Exception {
    for (String pf : PFS) {
      Iproute2.ofHost().run("link set " + pf + " up");
      Eventually.is(pf + " has a carrier", () -> Iproute2.ofHost().link(pf).hasCarrier());
      Files.writeString(numVfs(pf), "0");
      Files.writeString(numVfs(pf), Integer.toString(PER_PF));
    }
    Map<Vf, String> names = names();
    awaitHome(names.keySet());
    beThemselves(names);
  }

  @AfterAll
  static void removeVfs() throws Exception {
    for (String pf : PFS) {
      Files.writeString(numVfs(pf), "0");
      Iproute2.ofHost().run("link set " + pf + " down");
    }
    if (Files.exists(Path.of("/run/netns/gateway"))) {
      Shell.run(List.of("ip", "netns", "delete", "gateway"));
      Eventually.is("the gateway's NIC is home", () -> Iproute2.ofHost().find("gw0").isPresent());
    }
  }

  private static Path numVfs(String pf) {
    return Path.of("/sys/class/net", pf, CONTROL);
  }

  /// Runs also after a test that failed half way: the VFs are on the host with the host's names and
  /// their own MACs. A PF remembers more of a VF than it reports: whether somebody set its MAC.
  @AfterEach
  final void bringVfsHome() throws Exception {
    pod.close();
    Iproute2.ofHost().runAll(PFS.stream().map(pf -> "link set " + pf + " up").toList());
    Map<Vf, String> names = names();
    awaitHome(names.keySet());
    beThemselves(names);
  }

  private static void awaitHome(Collection<Vf> vfs) throws Exception {
    Eventually.is(
        vfs + " are home",
        () -> {
          List<SeenLink> links = Iproute2.ofHost().links();
          return vfs.stream().allMatch(vf -> vf.among(links).isPresent());
        });
  }

  private static void beThemselves(Map<Vf, String> names) throws IOException {
    for (Map.Entry<Vf, String> vf : names.entrySet()) {
      vf.getKey().beItself(vf.getValue());
    }
  }

  /// All VFs, with their names on the host.
  private static Map<Vf, String> names() throws IOException {
    Map<Vf, String> names = new LinkedHashMap<>();
    for (String pf : PFS) {
      for (int index = 0; index < PER_PF; index++) {
        names.put(vf(pf, index), pf + "v" + index);
      }
    }
    return names;
  }

  static Vf vf(String pf, int index) throws IOException {
    Path device = Path.of("/sys/class/net", pf, "device/virtfn" + index).toRealPath();
    return new Vf(pf, index, device.getFileName().toString());
  }

  /// The first VFs of both PFs.
  static List<Vf> firstVfs() throws IOException {
    List<Vf> vfs = new ArrayList<>();
    for (String pf : PFS) {
      vfs.add(vf(pf, 0));
    }
    return vfs;
  }

  /// The attachments of net1 and net2, as the SR-IOV CNI makes them: a VF of each PF with a MAC
  /// that its PF holds.
  final List<PluginCall> twoVfs(String members) throws IOException {
    List<PluginCall> calls = new ArrayList<>();
    int number = 1;
    for (Vf vf : firstVfs()) {
      JsonObject config =
          Network.sriov(vf.pci(), "'mac': '02:00:00:00:00:0%d', %s".formatted(number, members));
      calls.add(node.sriov(pod, "net" + number, config));
      number++;
    }
    return calls;
  }

  /// The gateway that pods ping across the switch.
  static void gateway() throws IOException {
    Shell.run(List.of("lab-gateway", "10.56.217.1/24"));
  }

  /// The member `ipam` for an address beside the gateway's.
  static String address() {
    return "'ipam': {'type': 'static', 'addresses': [{'address': '10.56.217.20/24'}]}";
  }

  final void awaitPing() throws Exception {
    Eventually.is(
        "the gateway answers",
        () -> pod.attempt("ping", "-n", "-c", "1", "-W", "1", "10.56.217.1").exitCode() == 0);
  }

  final void awaitMembersUp() throws Exception {
    for (String member : List.of("net1", "net2")) {
      Eventually.is(
          member + " is up in the bond",
          () -> pod.ip().link(member).memberInfo("mii_status").equals("UP"));
    }
  }

  final void awaitActive(String member) throws Exception {
    try {
      Eventually.is(
          member + " is the active member",
          () -> pod.ip().link("bond0").info("active_slave").equals(member));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + failoverEvidence(), e);
    }
  }

  /// Evidence for a failover that did not happen: the bond's own report, the carriers of VFs and
  /// PFs, and the last messages of their drivers.
  private String failoverEvidence() throws IOException {
    List<String> parts = new ArrayList<>();
    parts.add(pod.report("bond0"));
    parts.add(pod.exec("ip", "-s", "-d", "link", "show"));
    for (String pf : PFS) {
      parts.add(Shell.run(List.of("ip", "-s", "-d", "link", "show", pf)));
    }
    parts.add(Shell.attempt(List.of("sh", "-c", "grep igb /proc/interrupts")).output());
    parts.add(Shell.attempt(List.of("sh", "-c", "dmesg | tail -n 60")).output());
    return String.join("\n", parts);
  }

  static void cable(String pf, String state, String how) throws IOException {
    Shell.run(List.of("lab-cable", pf, state, "--" + how));
  }
}
