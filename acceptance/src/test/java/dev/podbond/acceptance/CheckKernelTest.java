package dev.podbond.acceptance;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// CHECK names everything that is no longer as ADD made it.
class CheckKernelTest extends PodTest {
  private PluginCall bond;
  private Outcome added;

  @BeforeEach
  void attach() throws Exception {
    pod.withDummies("net1", "net2");
    bond =
        node.bond(
            pod,
            "net3",
            Network.bond(
                "'ifname': 'bond0', 'ifnameFirst': true, 'mtu': 1400, 'ipam': {'type': 'host-local', 'dataDir': '%s',"
                        .formatted(node.ipamStore())
                    + " 'subnet': '10.7.7.0/24', 'routes': [{'dst': '10.8.0.0/16'}]}"));
    added = bond.add().ok();
  }

  @Test
  void nothingIsWrongAfterAdd() throws Exception {
    bond.check(added).ok();
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("link set net2 nomaster", "net2", "master should be bond0"),
        change("link set bond0 mtu 1300", "bond0", "MTU should be 1400, found 1300"),
        change("address delete 10.7.7.2/24 dev bond0", "bond0", "address", "10.7.7.2/24"),
        change("route delete 10.8.0.0/16", "bond0", "route", "10.8.0.0/16"),
        change("link set bond0 type bond miimon 50", "miimon", "should be 100, found 50"),
        change("link set bond0 down", "bond0", "should be up, found down"),
        change("link property del dev bond0 altname net3", "bond0", "alternative name", "net3"),
        change("link set net2 down", "net2", "should be up, found down"),
        change("link delete net2", "net2", "no such interface"),
        change("link delete bond0", "bond0", "a bond", "nothing"));
  }

  private static Arguments change(String words, String... parts) {
    return Arguments.of(words, parts);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void eachChangeIsNamed(String words, String[] parts) throws Exception {
    pod.ip().run(words);
    bond.check(added).failed(103, parts);
  }

  @Test
  void anExtraMemberIsNamed() throws Exception {
    pod.withDummies("extra");
    pod.ip().run("link set extra master bond0");
    bond.check(added).failed(103, "extra", "master should be none");
  }

  /// host-local has lost the pod's reservation.
  @Test
  void theWordOfIpamIsPassedOn() throws Exception {
    Shell.run(List.of("rm", "-rf", node.ipamStore().toString()));
    bond.check(added).failed(999, "host-local");
  }

  @Test
  void anAttachmentWithoutRecordIsNone() throws Exception {
    bond.del().ok();
    bond.check(added).failed(103, "no record", "DEL and ADD");
  }

  @Test
  void olderVersionsHaveNoCheck() throws Exception {
    bond.with("'cniVersion': '0.3.1'").check(added).failed(1, "CHECK");
  }
}
