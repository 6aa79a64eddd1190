package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The network attachment definition of our user's document, called as by Multus: third interface
/// of the pod, `ifname` bond0.
class UserNadKernelTest extends PodTest {
  private PluginCall nad;

  @BeforeEach
  void asMultusCallsIt() throws Exception {
    pod.withDummies("net1", "net2");
    nad = node.bond(pod, "net3", UserNad.config(node));
    String vf = "{\"name\": \"vf\", \"type\": \"sriov\"}";
    node.knowFromMultus(pod, vf, vf, nad.config().toString());
  }

  @Test
  void theResultHasTheLayoutOfItsVersion() throws Exception {
    Outcome added = nad.add().ok();
    assertThat(added.json()).isEqualTo(UserNad.result(pod));
  }

  @Test
  void theDriverReportsWhatWasAskedFor() throws Exception {
    nad.add().ok();
    assertThat(pod.report("bond0"))
        .contains(
            "Bonding Mode: fault-tolerance (active-backup) (fail_over_mac active)",
            "MII Polling Interval (ms): 100",
            "Currently Active Slave: net1",
            "Slave Interface: net1",
            "Slave Interface: net2");
    assertThat(pod.ip().addresses("bond0")).containsExactly("10.56.217.2/24");
    assertThat(pod.ip().run("-4 route show default")).contains("via 10.56.217.1 dev bond0");
    assertThat(pod.ip().link("bond0").isUp()).isTrue();
  }

  @Test
  void bothNamesMeanTheBond() throws Exception {
    nad.add().ok();
    assertThat(pod.ip().link("bond0").altNames()).containsExactly("net3");
    assertThat(pod.ip().run("link show net3")).contains("bond0");
    nad.del().ok();
    assertThat(pod.ip().find("net3")).isEmpty();
    assertThat(node.reservations()).isEmpty();
    assertThat(node.state()).isEmpty();
  }

  /// A caller without Multus that does not state that no plugin follows finds the bond under its
  /// own CNI_IFNAME, and under the other name too.
  @Test
  void withoutMultusTheRuntimesNameGoesFirst() throws Exception {
    node.allow("");
    Outcome added = nad.add().ok();
    assertThat(SeenLink.text(added.onlyInterface(), "name")).isEqualTo("net3");
    assertThat(pod.ip().link("net3").altNames()).containsExactly("bond0");
    assertThat(pod.ip().run("link show bond0")).contains("net3");
    nad.check(added);
    nad.del().ok();
    nad.with("'ifnameFirst': true").add().ok();
    assertThat(pod.ip().link("bond0").altNames()).containsExactly("net3");
    nad.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
  }

  /// As after a node's state was lost, or for a bond that bond-cni made.
  @ParameterizedTest
  @ValueSource(strings = {"net3", "bond0"})
  void delFindsTheBondUnderEitherNameWithoutItsRecord(String ifname) throws Exception {
    nad.add().ok();
    Shell.run(List.of("rm", "-rf", node.stateDirectory().toString()));
    node.bond(pod, ifname, nad.config()).del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(pod.ip().link("net1").master()).isEmpty();
  }

  @Test
  void aNameThatWasPlainlyAskedForGoesFirst() throws Exception {
    PluginCall named = node.bond(pod, "storage", nad.config());
    Outcome added = named.add().ok();
    assertThat(SeenLink.text(added.onlyInterface(), "name")).isEqualTo("storage");
    assertThat(pod.ip().link("storage").altNames()).containsExactly("bond0");
    named.del().ok();
    assertThat(pod.ip().find("storage")).isEmpty();
  }

  /// A neighbour that accepts gratuitous ARP knows the pod's address and MAC without asking.
  @Test
  void theAddressIsAnnounced() throws Exception {
    try (Pod neighbour = Pod.create()) {
      pod.ip().run("link delete net1");
      pod.ip().run("link add net1 type veth peer name peer1 netns " + neighbour.name());
      neighbour.exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/peer1/arp_accept");
      neighbour.ip().run("address add 10.56.217.1/24 dev peer1");
      neighbour.ip().run("link set peer1 up");
      nad.add().ok();
      Eventually.is(
          "the neighbour has heard of the address",
          () ->
              neighbour
                  .ip()
                  .run("neighbour show 10.56.217.2")
                  .contains(pod.ip().link("bond0").mac()));
    }
  }
}
