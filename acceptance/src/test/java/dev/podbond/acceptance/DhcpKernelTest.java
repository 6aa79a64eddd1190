package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.node.state.AttachmentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An IPAM plugin that needs the interface, as `dhcp` does, finds the interface that gets the
/// addresses, up, at ADD, CHECK and DEL alike, and under the same name.
class DhcpKernelTest extends PodTest {
  /// Plays the daemon of the real plugin: writes down what it finds in the pod.
  private static final String WITNESS =
      """
      pod=$(basename "$CNI_NETNS")
      state=$(ip -n $pod -o link show dev $CNI_IFNAME up 2>/dev/null | grep -c .)
      address=$(ip -n $pod -o -4 address show dev $CNI_IFNAME 2>/dev/null | awk '{print $4}')
      echo "$CNI_COMMAND $CNI_IFNAME up=$state $address" >> %s
      [ $CNI_COMMAND != ADD ] || echo '{"cniVersion": "1.0.0", "ips": [{"address": "10.9.0.5/24"}]%s}'
      """;

  private Path diary;

  @BeforeEach
  void twoMembers() throws Exception {
    pod.withDummies("net1", "net2");
    diary = node.plugins().resolveSibling("diary");
  }

  private PluginCall witnessed(String members, String more) throws IOException {
    node.addPlugin("leasing", WITNESS.formatted(diary, more));
    return bond("'ipam': {'type': 'leasing'}" + members).withPath(node.plugins());
  }

  private List<String> seen() throws IOException {
    return Files.readAllLines(diary).stream().map(String::strip).toList();
  }

  @Test
  void theAddressIsGivenBackWhileItsInterfaceIsUpAndHasIt() throws Exception {
    PluginCall bond = witnessed("", "");
    bond.add().ok();
    bond.del().ok();
    assertThat(seen()).containsExactly("ADD bond0 up=1", "DEL bond0 up=1 10.9.0.5/24");
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(node.state()).isEmpty();
  }

  @Test
  void aFailedAddGivesTheAddressBackBeforeTheInterfaceGoes() throws Exception {
    witnessed("", ", \"routes\": [{\"dst\": \"192.168.0.0/16\", \"gw\": \"172.31.0.1\"}]")
        .add()
        .failed(101, "172.31.0.1", "everything was taken back");
    assertThat(seen()).containsExactly("ADD bond0 up=1", "DEL bond0 up=1 10.9.0.5/24");
    assertThat(pod.ip().find("bond0")).isEmpty();
  }

  @Test
  void theVlanIsTheInterfaceFromAddToDel() throws Exception {
    PluginCall bond = witnessed(", 'vlan': 100", "");
    Outcome added = bond.add().ok();
    bond.check(added).ok();
    bond.del().ok();
    assertThat(seen())
        .containsExactly(
            "ADD bond0.100 up=1",
            "CHECK bond0.100 up=1 10.9.0.5/24",
            "DEL bond0.100 up=1 10.9.0.5/24");
  }

  /// As in a record from the time before records contained the name.
  @Test
  void whatWasAskedForUnderTheRuntimesNameIsGivenBackUnderIt() throws Exception {
    PluginCall bond = witnessed(", 'vlan': 100", "");
    bond.add().ok();
    AttachmentStore store = new AttachmentStore(node.stateDirectory());
    Attachment record = store.list().attachments().getFirst();
    Origin origin = record.origin();
    store.save(record.from(new Origin(origin.cniPath(), origin.cniArgs(), origin.bootId())));
    bond.del().ok();
    assertThat(seen()).last().isEqualTo("DEL bond0 up=1");
    assertThat(pod.ip().find("bond0")).isEmpty();
  }

  @Test
  void withoutARecordTheAddressIsGivenBackFirstToo() throws Exception {
    PluginCall bond = witnessed(", 'vlan': 100", "");
    bond.add().ok();
    Shell.run(List.of("rm", "-rf", node.stateDirectory().toString()));
    bond.del().ok();
    assertThat(seen()).last().isEqualTo("DEL bond0.100 up=1 10.9.0.5/24");
    assertThat(pod.ip().find("bond0")).isEmpty();
  }

  @Test
  void aPluginThatCannotGiveBackKeepsNoInterface() throws Exception {
    PluginCall bond = witnessed("", "");
    bond.add().ok();
    node.addPlugin("leasing", "exit 3\n");
    bond.del().failed(104, "leasing DEL");
    assertThat(pod.ip().find("bond0")).isEmpty();
    witnessed("", "");
    bond.del().ok();
    assertThat(node.state()).isEmpty();
  }

  /// The server has one address and is only on VLAN 100. So the second bond gets the address only
  /// if the first one asked there and its RELEASE was sent.
  @Test
  void theRealPluginsLeaseIsTakenAndReleasedOnTheVlan() throws Exception {
    Path scratch = node.plugins();
    Path socket = scratch.resolve("dhcp.sock");
    Path leases = Files.createFile(scratch.resolve("leases"));
    try (Pod server = Pod.create()) {
      pod.ip().run("link delete net1");
      pod.ip().run("link add net1 type veth peer name peer1 netns " + server.name());
      server.ip().run("link set peer1 up");
      server.ip().run("link add link peer1 name peer1.100 type vlan id 100");
      server.ip().run("link set peer1.100 up");
      server.ip().run("address add 10.56.100.1/24 dev peer1.100");
      Path settings =
          Files.writeString(
              scratch.resolve("udhcpd.conf"),
              """
              start 10.56.100.7
              end 10.56.100.7
              interface peer1.100
              lease_file %s
              pidfile %s
              option subnet 255.255.255.0
              option lease 3600
              """
                  .formatted(leases, scratch.resolve("udhcpd.pid")));
      Process udhcpd =
          started(
              scratch,
              "ip",
              "netns",
              "exec",
              server.name(),
              "busybox",
              "udhcpd",
              "-f",
              "" + settings);
      Process daemon = started(scratch, "/usr/lib/cni/dhcp", "daemon", "-socketpath", "" + socket);
      try {
        Eventually.is("the daemon listens", () -> Files.exists(socket));
        PluginCall first =
            bond(
                "'vlan': 100, 'ipam': {'type': 'dhcp', 'daemonSocketPath': '%s'}"
                    .formatted(socket));
        first.add().ok();
        assertThat(pod.ip().addresses("bond0.100")).contains("10.56.100.7/24");
        first.del().ok();
        PluginCall second = node.bond(pod, "bond1", first.config());
        second.add().ok();
        assertThat(pod.ip().addresses("bond1.100")).contains("10.56.100.7/24");
        second.del().ok();
      } finally {
        daemon.destroyForcibly();
        udhcpd.destroyForcibly();
      }
    }
  }

  private static Process started(Path scratch, String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(scratch.resolve("servers.log").toFile()))
        .start();
  }
}
