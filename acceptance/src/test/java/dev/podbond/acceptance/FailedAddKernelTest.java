package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// An ADD that fails names the error, the object, what was found and what to do. It leaves links,
/// addresses, routes, IPAM's store and our own state as they were.
class FailedAddKernelTest extends PodTest {
  @BeforeEach
  void twoMembers() throws Exception {
    pod.withDummies("net1", "net2");
  }

  private Outcome failsWithoutTrace(PluginCall call, int code, String... parts) throws IOException {
    Snapshot before = node.snapshot(pod);
    Outcome outcome = call.add().failed(code, parts);
    assertThat(node.snapshot(pod).lines()).as(outcome.message()).isEqualTo(before.lines());
    return outcome;
  }

  static Stream<Arguments> wrongConfigurations() {
    return Stream.of(
        wrong("'mode': 'active-standby'", "mode", "active-standby", "active-backup"),
        wrong("'mode': null", "mode", "active-backup"),
        wrong("'failOverMac': 7", "failOverMac", "7", "none, active, follow"),
        wrong("'links': [{'name': 'net1'}]", "links", "1 entry", "2 to 16"),
        wrong("'links': ['net1', 'net2']", "links[0]", "name"),
        wrong("'links': [{'name': 'net1'}, {'name': 'net1'}]", "net1", "twice"),
        wrong("'mtu': 67", "mtu", "67", "68"),
        wrong("'miimon': 'often'", "miimon", "often"),
        wrong("'arpInterval': 100, 'miimon': 100", "arpInterval", "miimon"),
        wrong("'mode': 'balance-xor', 'lacpRate': 'fast'", "lacpRate", "balance-xor", "802.3ad"),
        wrong("'primary': 'net7'", "primary", "net7"),
        wrong("'updelay': 200, 'miimon': 0", "updelay", "miimon"),
        wrong("'mac': '01:00:5e:00:00:01'", "mac", "01:00:5e:00:00:01"),
        wrong("'ipam': {'type': 'bond'}", "ipam", "bond"));
  }

  private static Arguments wrong(String members, String... parts) {
    return Arguments.of(members, parts);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongConfigurations")
  void aWrongConfigurationIsCode7(String members, String[] parts) throws Exception {
    failsWithoutTrace(bond(members), 7, parts);
  }

  @Test
  void aLinkThatIsNotThereIsNamed() throws Exception {
    failsWithoutTrace(
        bond("'links': [{'name': 'net1'}, {'name': 'net9'}]"), 100, "net9", "no link of this name");
  }

  /// The kernel would take the members for dead. A route of the pod's own could help, so it is a
  /// warning.
  @Test
  void aMonitoringTargetThatTheBondDoesNotLeadToIsAWarning() throws Exception {
    PluginCall bond =
        bond(
            "'miimon': null, 'arpInterval': 100, 'arpIpTarget': ['10.9.9.9'],"
                + node.hostLocal("10.56.217.0/24"));
    failsWithoutTrace(
        bond.with("'strict': true"),
        100,
        "refused with these addresses",
        "10.9.9.9 is in no subnet",
        "everything was taken back");
    bond.add().warned("arpIpTarget: 10.9.9.9 is in no subnet and on no route of bond bond0");
    bond.del().ok();
  }

  @Test
  void aLinkOnTheOtherSideIsFound() throws Exception {
    try (HostLinks host = HostLinks.dummies("hnet1")) {
      failsWithoutTrace(
          bond("'links': [{'name': 'net1'}, {'name': 'hnet1'}]"),
          100,
          "hnet1",
          "only on the host",
          "linksInContainer");
      host.requireAsMade();
    }
  }

  @Test
  void aMemberOfAnotherBondIsNotStolen() throws Exception {
    pod.ip().run("link add other type bond");
    pod.ip().run("link set net2 master other");
    failsWithoutTrace(bond(""), 100, "net2", "already a member of bond other", "release it");
  }

  /// The bond works, the address does not. It must not be refused, since pods that bond-cni could
  /// start must start.
  @Test
  void aMemberWithAnAddressIsAWarning() throws Exception {
    pod.ip().run("address add 10.9.9.9/24 dev net1");
    PluginCall bond = bond("");
    failsWithoutTrace(bond.with("'strict': true"), 100, "net1", "10.9.9.9/24", "ipam");
    bond.add().warned("net1", "10.9.9.9/24", "ipam");
    bond.del().ok();
  }

  @Test
  void twoNamesOfOneLinkAreOneLink() throws Exception {
    pod.ip().run("link property add dev net1 altname first");
    failsWithoutTrace(
        bond("'links': [{'name': 'net1'}, {'name': 'first'}]"), 100, "first", "the same link");
  }

  @Test
  void theLoopbackIsNoMember() throws Exception {
    failsWithoutTrace(bond("'links': [{'name': 'lo'}, {'name': 'net2'}]"), 100, "lo", "loopback");
  }

  @Test
  void theBondIsNoMemberOfItself() throws Exception {
    failsWithoutTrace(node.bond(pod, "net1", Network.bond("")), 100, "net1", "the bond itself");
  }

  @Test
  void aTakenNameIsRefused() throws Exception {
    pod.withDummies("bond0");
    failsWithoutTrace(bond(""), 100, "bond0", "taken in the pod", "dummy");
  }

  @Test
  void anMtuThatAMemberCannotCarryIsRefused() throws Exception {
    failsWithoutTrace(bond("'mtu': 9000"), 100, "net1", "1500", "9000");
  }

  @Test
  void linksOfDifferentTypesAreNamed() throws Exception {
    pod.ip().run("link delete net2");
    pod.ip().run("link add net2 type vcan");
    failsWithoutTrace(bond(""), 100, "net1 ethernet", "net2 other", "one type");
  }

  /// Here the kernel itself refuses, after the bond was made and net1 had joined it: net2 is a
  /// macvlan, and another one over the same link has the MAC that the bond would give it.
  @Test
  void whatTheKernelRefusesIsTakenBack() throws Exception {
    pod.ip().run("link delete net2");
    pod.withDummies("base");
    pod.ip().run("link set base up");
    pod.ip().run("link add net2 link base type macvlan mode bridge");
    pod.ip()
        .run(
            "link add twin link base address %s type macvlan mode bridge"
                .formatted(pod.ip().link("net1").mac()));
    pod.ip().run("link set twin up");
    failsWithoutTrace(bond("'failOverMac': 0"), 101, "net2", "EADDRINUSE", "as before");
  }

  @Test
  void strictMakesWarningsErrors() throws Exception {
    failsWithoutTrace(
        bond("'xmitHashPolicy': 'layer3+4', 'strict': true"), 100, "xmitHashPolicy", "no effect");
  }

  @Test
  void hostLinksMayBeForbidden() throws Exception {
    node.allow("'allowHostLinks': false");
    try (HostLinks host = HostLinks.dummies("hnet1", "hnet2")) {
      failsWithoutTrace(
          bond("'linksInContainer': false, 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}]"),
          100,
          "hnet1",
          "allowHostLinks");
      host.requireAsMade();
    }
  }

  @Test
  void hostLinksComeBackWhenIpamFails() throws Exception {
    try (HostLinks host = HostLinks.dummies("hnet1", "hnet2")) {
      Iproute2.ofHost().run("link set hnet1 up");
      failsWithoutTrace(
          bond(
              "'linksInContainer': false, 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}],"
                  + " 'ipam': {'type': 'missing'}"),
          999,
          "missing",
          "the node is as before");
    }
  }

  @Test
  void ipamThatIsMissingIsNamed() throws Exception {
    failsWithoutTrace(
        bond("'ipam': {'type': 'whereabouts'}"), 999, "whereabouts", "/usr/lib/cni", "as before");
  }

  @Test
  void theErrorOfIpamIsPassedOn() throws Exception {
    failsWithoutTrace(
        bond("'ipam': {'type': 'host-local', 'subnet': 'ten/24'}"), 999, "ten/24", "as before");
  }

  /// A /30 has two addresses, and one of them is the gateway's.
  @Test
  void ipamThatIsExhaustedIsPassedOn() throws Exception {
    try (Pod first = Pod.create()) {
      first.withDummies("net1", "net2");
      String small = node.hostLocal("10.7.7.0/30");
      PluginCall takesTheLast = node.bond(first, "bond0", Network.bond(small));
      takesTheLast.add().ok();
      failsWithoutTrace(bond(small), 999, "no IP addresses available", "as before");
      takesTheLast.del().ok();
      bond(small).add().ok();
      bond(small).del().ok();
    }
  }

  @Test
  void ipamThatDiesIsNamed() throws Exception {
    node.addPlugin("dying", "echo 'out of luck' >&2\nexit 3\n");
    failsWithoutTrace(
        bond("'ipam': {'type': 'dying'}").withPath(node.plugins()), 999, "dying", "as before");
  }

  @Test
  void ipamWithoutAddressesIsAnError() throws Exception {
    node.addPlugin("empty", "echo '{\"cniVersion\": \"1.0.0\"}'\n");
    failsWithoutTrace(
        bond("'ipam': {'type': 'empty'}").withPath(node.plugins()), 999, "empty", "as before");
  }

  /// host-local gives an address and an impossible route: the address must be given back.
  @Test
  void anAddressIsReleasedWhenARouteCannotBeMade() throws Exception {
    PluginCall call =
        bond(
            "'ipam': {'type': 'host-local', 'subnet': '10.7.7.0/24', 'dataDir': '%s',"
                    .formatted(node.ipamStore())
                + " 'routes': [{'dst': '192.168.0.0/16', 'gw': '172.31.0.1'}]}");
    failsWithoutTrace(call, 101, "192.168.0.0/16", "172.31.0.1", "as before");
    assertThat(node.reservations()).isEmpty();
  }

  @Test
  void aNetnsThatIsNoneIsNamed() throws Exception {
    Outcome outcome = bond("").withNetns("/run/netns/gone").add().failed(4, "/run/netns/gone");
    assertThat(outcome.message()).contains("CNI_NETNS");
    Path file = Files.createFile(node.plugins().resolve("file"));
    bond("").withNetns(file.toString()).add().failed(4, file.toString());
  }

  @Test
  void theHostIsNoPod() throws Exception {
    failsWithoutTrace(bond("").withNetns("/proc/self/ns/net"), 8, "/proc/self/ns/net");
  }

  @Test
  void theSameAttachmentIsNotMadeTwice() throws Exception {
    bond("").add().ok();
    failsWithoutTrace(bond(""), 100, "attached already", "DEL");
    bond("").del().ok();
  }
}
