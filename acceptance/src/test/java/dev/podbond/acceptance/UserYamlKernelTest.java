package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The YAML of our user's document with the real `podbond` command and through it the real plugins.
@Tag("kernel")
class UserYamlKernelTest {
  private static final List<String> PFS = List.of("pf0", "pf1");
  private static final Path OKD = Dist.example("okd");
  private static final Path STORE = Path.of("/var/lib/cni/networks/bond-net1");
  private static final String POD = "demo/bondpod1";

  private static final String TRUNK =
      """
      {"metadata": {"name": "trunk", "namespace": "demo", "uid": "1"},
       "spec": {
         "mode": "active-backup",
         "members": [{"sriovNetwork": "sriovnet1"}, {"sriovNetwork": "sriovnet2"}],
         "chain": [{"type": "tuning", "sysctl": {"net.ipv4.conf.IFNAME.arp_filter": "1"}}],
         "vlans": [
           {"id": 100, "mtu": 1400, "chain": [{"type": "sbr"}],
            "ipam": {"type": "host-local", "subnet": "10.100.0.0/24", "gateway": "10.100.0.1"}},
           {"id": 200, "name": "backup",
            "ipam": {"type": "host-local", "subnet": "10.200.0.0/24"}}]}}
      """;
  private static final String TRUNK_POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: bondpod1
        namespace: demo
        annotations:
          k8s.v1.cni.cncf.io/networks: demo/sriovnet1@trunk-1, demo/sriovnet2@trunk-2,
            demo/trunk@trunk, demo/trunk-v100@trunk-v100, demo/trunk-v200@backup
      spec:
        containers: [{name: main, image: none}]
      """;

  private static AgentProcess agent;

  @TempDir Path scratch;

  /// Every plugin call starts a JVM if no agent serves it.
  @BeforeAll
  static void startAgent(@TempDir Path ofAgent) throws Exception {
    agent = AgentProcess.ofThisNode(ofAgent);
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
    // While the directory of its socket is there the shims wait for the next agent instead of
    // working without one.
    Shell.run(List.of("rm", "-rf", agent.socket().getParent().toString()));
  }

  /// host-local remembers the last address, and would continue after it.
  @BeforeEach
  void startFresh() throws Exception {
    for (String network : List.of("bond-net1", "trunk-v100", "trunk-v200")) {
      Shell.run(List.of("rm", "-rf", STORE.resolveSibling(network).toString()));
    }
    for (String pf : PFS) {
      Iproute2.ofHost().run("link set " + pf + " up");
      Eventually.is(pf + " has a carrier", () -> Iproute2.ofHost().link(pf).hasCarrier());
    }
  }

  @AfterEach
  void leaveNothing() throws Exception {
    attempt("delete", "-f", OKD.toString());
    for (String pf : PFS) {
      assertThat(numVfs(pf)).isEqualTo("0");
      Iproute2.ofHost().run("link set " + pf + " down");
    }
  }

  private Shell.Finished attempt(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    // Before the words of exec, which end the options.
    all.add(1, "--state-dir=" + scratch.resolve("objects"));
    all.add(2, "--cni-path=" + Dist.plugins() + ":/usr/lib/cni");
    return Dist.podbond(all);
  }

  private String podbond(String... arguments) throws IOException {
    Shell.Finished finished = attempt(arguments);
    assertThat(finished.exitCode()).as(finished.output()).isZero();
    return finished.output();
  }

  /// The user's objects except those of the bond.
  private void applyNetworks() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("apply"));
    for (String file : List.of("00-namespace.yaml", "10-policies.yaml", "20-networks.yaml")) {
      arguments.addAll(List.of("-f", OKD.resolve(file).toString()));
    }
    podbond(arguments.toArray(String[]::new));
  }

  private static String numVfs(String pf) throws IOException {
    return Files.readString(Path.of("/sys/class/net", pf, "device/sriov_numvfs")).strip();
  }

  private static List<List<String>> identities() throws Exception {
    List<List<String>> identities = new ArrayList<>();
    for (String pf : PFS) {
      for (int index = 0; index < 2; index++) {
        Vf vf = VfTest.vf(pf, index);
        Eventually.is(vf + " is on the host", () -> vf.isHome());
        identities.add(vf.identity());
      }
    }
    return identities;
  }

  private static List<String> reservations() throws IOException {
    return addresses(STORE);
  }

  private static List<String> addresses(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("10."))
          .toList();
    }
  }

  @Test
  void theDocumentComesTrueAndIsTakenBack() throws Exception {
    assertThat(podbond("apply", "-f", OKD.resolve("10-policies.yaml").toString()))
        .contains("policy-pf0 created", "policy-pf1 created");
    assertThat(PFS).allSatisfy(pf -> assertThat(numVfs(pf)).isEqualTo("2"));
    List<List<String>> before = identities();

    assertThat(podbond("apply", "-f", OKD.toString()))
        .contains("Pod demo/bondpod1 created: net1 (VF ", "net2 (VF ", "policy-pf0 unchanged");
    assertThat(reservations()).containsExactly("10.56.217.2");
    Iproute2 pod = Iproute2.of("demo_bondpod1");
    assertThat(pod.link("net1").master()).isEqualTo("bond0");
    assertThat(pod.link("net2").master()).isEqualTo("bond0");
    assertThat(pod.addresses("bond0")).containsExactly("10.56.217.2/24");
    assertThat(pod.link("net1").pci()).isEqualTo(VfTest.vf("pf0", 0).pci());
    assertThat(pod.link("net2").pci()).isEqualTo(VfTest.vf("pf1", 0).pci());
    assertThat(podbond("exec", POD, "--", "cat", "/proc/net/bonding/bond0"))
        .contains("(active-backup) (fail_over_mac active)", "MII Polling Interval (ms): 100");
    assertThat(podbond("get", "bonds")).contains(POD, "bond0", "active-backup", "10.56.217.2/24");
    assertThat(podbond("get", "vfs")).contains(VfTest.vf("pf0", 0).pci(), POD);

    assertThat(podbond("apply", "-f", OKD.toString()).lines())
        .hasSize(7)
        .allMatch(line -> line.contains(" unchanged"));

    podbond("delete", "-f", OKD.resolve("50-pod.yaml").toString());
    assertThat(Path.of("/run/netns/demo_bondpod1")).doesNotExist();
    assertThat(identities()).isEqualTo(before);
    assertThat(reservations()).isEmpty();
    podbond("delete", "-f", OKD.toString());
    assertThat(PFS).allSatisfy(pf -> assertThat(numVfs(pf)).isEqualTo("0"));
  }

  /// Rendered as by the operator, with the annotation that the operator gives the pod.
  @Test
  void aBondNetworksChainAndVlansComeTrueAndAreTakenBack() throws Exception {
    applyNetworks();
    List<List<String>> before = identities();
    Path trunk = scratch.resolve("trunk.yaml");
    Files.writeString(
        trunk,
        Stream.concat(
                BondAttachment.render(BondNetwork.of(Json.parseObject(TRUNK)), "bond").stream()
                    .map(JsonObject::toString),
                Stream.of(TRUNK_POD))
            .collect(Collectors.joining("\n---\n")));
    Shell.run(List.of("lab-gateway", "10.56.217.1/24"));
    try {
      Iproute2 gateway = Iproute2.of("gateway");
      for (int id : List.of(100, 200)) {
        gateway.run("link add link gw0 name vlan" + id + " type vlan id " + id);
        gateway.run("address add 10." + id + ".0.1/24 dev vlan" + id);
        gateway.run("link set vlan" + id + " up");
      }

      podbond("apply", "-f", trunk.toString());

      Iproute2 pod = Iproute2.of("demo_bondpod1");
      assertThat(pod.link("trunk-1").master()).isEqualTo("trunk");
      assertThat(pod.addresses("trunk")).isEmpty();
      assertThat(pod.addresses("trunk-v100")).containsExactly("10.100.0.2/24");
      assertThat(pod.addresses("backup")).containsExactly("10.200.0.2/24");
      assertThat(pod.run("-d link show trunk-v100"))
          .contains("mtu 1400", "vlan protocol", "id 100");
      assertThat(pod.run("-d link show backup")).contains("mtu 1500", "id 200");
      assertThat(podbond("exec", POD, "--", "cat", "/proc/sys/net/ipv4/conf/trunk/arp_filter"))
          .as("what tuning did, behind the bond")
          .contains("1");
      assertThat(pod.run("rule show")).as("what sbr did, behind VLAN 100").contains("10.100.0.2");
      assertThat(podbond("get", "pods")).contains("trunk-v100", "10.100.0.2", "backup");
      for (String net : List.of("10.100.0", "10.200.0")) {
        // From the pod's own address: sbr's rule applies only to that.
        String ping = "ping -n -c 1 -W 1 -I %s.2 %s.1".formatted(net, net);
        Eventually.is(
            net + ".1 answers",
            () ->
                Shell.attempt(List.of(("ip netns exec demo_bondpod1 " + ping).split(" ")))
                        .exitCode()
                    == 0);
      }
      assertThat(podbond("get", "bonds")).contains(POD, "trunk", "active-backup");

      podbond("delete", "-f", trunk.toString());

      assertThat(Path.of("/run/netns/demo_bondpod1")).doesNotExist();
      assertThat(identities()).isEqualTo(before);
      for (String network : List.of("trunk-v100", "trunk-v200")) {
        assertThat(addresses(Path.of("/var/lib/cni/networks", network))).isEmpty();
      }
    } finally {
      Shell.run(List.of("ip", "netns", "delete", "gateway"));
      Eventually.is("the gateway's NIC is home", () -> Iproute2.ofHost().find("gw0").isPresent());
    }
  }

  @Test
  void execEndsAsItsCommandDoes() throws Exception {
    podbond("apply", "-f", OKD.toString());
    assertThat(attempt("exec", POD, "--", "sh", "-c", "exit 7").exitCode()).isEqualTo(7);
    assertThat(podbond("check", POD)).contains("net1", "as it was made");
    Iproute2.of("demo_bondpod1").run("link set net1 down");
    Shell.Finished check = attempt("check", POD);
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.output()).contains("net1", "should be up");
  }

  @Test
  void anObjectThatFailsNamesItsFileAndLineAndLeavesTheVfsAlone() throws Exception {
    applyNetworks();
    List<List<String>> before = identities();
    Path bond = scratch.resolve("bond.yaml");
    Files.writeString(
        bond,
        Files.readString(OKD.resolve("40-bond.yaml"))
            .replace("\"active-backup\"", "\"active-standby\""));
    Shell.Finished refused =
        attempt("apply", "-f", bond.toString(), "-f", OKD.resolve("50-pod.yaml").toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).contains(".yaml:", "active-standby", "active-backup");
    assertThat(identities()).isEqualTo(before);
    assertThat(Path.of("/run/netns/demo_bondpod1")).doesNotExist();
  }
}
