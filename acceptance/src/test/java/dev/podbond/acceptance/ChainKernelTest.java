package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Real plugins that are chained after the bond find it when they are called like by libcni: under
/// CNI_IFNAME, with the bond's result.
class ChainKernelTest extends PodTest {
  private static final String ADDRESS =
      "'ipam': {'type': 'static', 'addresses': [{'address': '10.56.217.5/24',"
          + " 'gateway': '10.56.217.1'}], 'routes': [{'dst': '0.0.0.0/0'}]}";

  @BeforeEach
  void twoMembers() throws Exception {
    pod.withDummies("net1", "net2");
  }

  /// The bond as the first plugin of a chain with these after it, in a file as Multus writes it.
  private PluginCall chained(String members, String... behind) throws IOException {
    JsonObject config = Network.bond("'ifname': 'bond0'," + members);
    List<String> plugins = new ArrayList<>(List.of(config.toString()));
    plugins.addAll(List.of(behind));
    node.knowFromMultus(
        pod,
        "{\"name\": \"a\", \"type\": \"sriov\"}",
        "{\"name\": \"b\", \"type\": \"sriov\"}",
        "{\"cniVersion\": \"1.0.0\", \"name\": \"bond-net\", \"plugins\": ["
            + String.join(",", plugins)
            + "]}");
    return node.bond(pod, "net3", config);
  }

  /// Runs the plugin of /usr/lib/cni after the bond.
  private void follow(PluginCall bond, Outcome added, String type, String members)
      throws Exception {
    JsonObject config =
        Network.members(
            "'cniVersion': '1.0.0', 'name': 'bond-net', 'type': '%s', 'prevResult': %s%s"
                .formatted(type, added.json(), members));
    ProcessBuilder builder = new ProcessBuilder("/usr/lib/cni/" + type).redirectErrorStream(true);
    builder.environment().putAll(bond.environment("ADD"));
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      new ByteArrayInputStream(config.toString().getBytes(StandardCharsets.UTF_8)).transferTo(in);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /// The plugin moves the interface's routes into a separate table; without routes nothing leaves
  /// the pod. For CHECK the moved routes are as ADD made them.
  @Test
  void sourceBasedRoutingFindsTheBondAndKeepsItsRoutes() throws Exception {
    PluginCall bond = chained(ADDRESS, "{\"type\": \"sbr\"}");
    Outcome added = bond.add().ok();
    follow(bond, added, "sbr", "");
    assertThat(pod.ip().run("-4 rule")).contains("from 10.56.217.5 lookup 100");
    assertThat(pod.ip().run("-4 route show table 100"))
        .contains("default via 10.56.217.1 dev net3", "10.56.217.0/24 dev net3");
    assertThat(pod.ip().link("net3").altNames()).containsExactly("bond0");
    bond.check(added).ok();
    bond.del().ok();
    assertThat(pod.ip().find("net3")).isEmpty();
  }

  @Test
  void sysctlsOfTheInterfaceAreFoundUnderItsName() throws Exception {
    PluginCall bond = chained(ADDRESS, "{\"type\": \"tuning\"}");
    Outcome added = bond.add().ok();
    follow(bond, added, "tuning", ", 'sysctl': {'net.ipv4.conf.IFNAME.accept_redirects': '0'}");
    assertThat(pod.exec("cat", "/proc/sys/net/ipv4/conf/net3/accept_redirects").strip())
        .isEqualTo("0");
    bond.check(added).ok();
    bond.del().ok();
  }

  /// No plugin follows the last plugin of a chain.
  @Test
  void theLastOfAChainIsCalledAsItsConfigurationWants() throws Exception {
    PluginCall bond = chained("'mtu': 1400");
    bond.add().ok();
    assertThat(pod.ip().link("bond0").altNames()).containsExactly("net3");
    bond.del().ok();
  }

  @Test
  void twoBondsWithOneIfnameAreBothMade() throws Exception {
    pod.withDummies("net5", "net6");
    PluginCall first = node.bond(pod, "net3", Network.bond("'ifname': 'bond0'"));
    PluginCall second =
        node.bond(
            pod,
            "net4",
            Network.bond("'ifname': 'bond0', 'links': [{'name': 'net5'}, {'name': 'net6'}]"));
    node.knowFromMultus(pod, "{}", "{}", first.config().toString(), second.config().toString());
    first.add().ok();
    Outcome added =
        second
            .add()
            .warned("ifname bond0: it is taken in the pod by bond bond0", "is called net4 alone");
    assertThat(SeenLink.text(added.onlyInterface(), "name")).isEqualTo("net4");
    assertThat(pod.ip().link("net4").altNames()).isEmpty();
    second.check(added).ok();
    second.del().ok();
    assertThat(pod.ip().find("net4")).isEmpty();
    assertThat(pod.ip().find("bond0")).isPresent();
    first.del().ok();
    assertThat(node.state()).isEmpty();
  }

  @Test
  void anIfnameThatIsItsMembersNameIsAWarning() throws Exception {
    PluginCall bond = node.bond(pod, "net3", Network.bond("'ifname': 'net1'"));
    Outcome added = bond.add().warned("ifname net1: it is the name of its own member net1");
    assertThat(pod.ip().link("net1").master()).contains("net3");
    bond.check(added).ok();
    bond.del().ok();
    assertThat(pod.ip().find("net1")).isPresent();
  }
}
