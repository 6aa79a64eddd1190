package dev.podbond.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cli.show.Listings;
import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cni.spec.CniInterface;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniRoute;
import dev.podbond.json.JsonObject;
import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class ApplyAddressesTest extends ApplyScene {
  @Test
  void keepsMultusAnnotationWithThePod() throws Exception {
    apply(example());

    assertThat(store.pod(new ObjectKey(Kind.POD, "demo", "bondpod1")).orElseThrow().networkStatus())
        .startsWith("[{\n    \"name\": \"demo/sriovnet1\",\n    \"interface\": \"net1\"");
  }

  @Test
  void oneNetworkSeveralTimesShowsEachTimeItsOwnAddress() throws Exception {
    apply(example());
    for (int i = 1; i <= 3; i++) {
      networks.results.put("net" + i, result("net" + i, "10.1.0." + (i + 1), "0.0.0.0/0"));
    }

    apply(pod("p", "bond-net1, bond-net1, bond-net1"));

    assertThat(reports.getLast())
        .isEqualTo("Pod demo/p created: net1 10.1.0.2, net2 10.1.0.3, net3 10.1.0.4");
    assertThat(
            Listings.pods(
                    Map.of(new ObjectKey(Kind.POD, "demo", "p"), store.pods().get(key("p"))),
                    _ -> true)
                .toText())
        .contains("net1 10.1.0.2", "net2 10.1.0.3", "net3 10.1.0.4");
  }

  @Test
  void theSameBondTwiceShowsEachTimeItsOwnAddress() throws Exception {
    apply(example());
    networks.results.put("net1", result("bond0", "10.1.0.2", "0.0.0.0/0"));
    networks.results.put("net2", result("net2", "10.1.0.3", "0.0.0.0/0"));

    apply(pod("p", "bond-net1, bond-net1"));

    assertThat(reports.getLast())
        .isEqualTo("Pod demo/p created: net1 = bond0 10.1.0.2, net2 10.1.0.3");
  }

  @Test
  void theDefaultRouteOfTheAnnotationTakesThePlaceOfAllOthers() throws Exception {
    apply(example());
    networks.log.clear();
    networks.results.put("net1", result("net1", "10.1.0.2", "0.0.0.0/0"));
    networks.results.put("net2", result("bond0", "10.1.0.3", "10.9.0.0/16"));

    apply(
        pod(
            "p",
            "[{\\\"name\\\": \\\"bond-net1\\\"}, {\\\"name\\\": \\\"bond-net1\\\","
                + " \\\"default-route\\\": [\\\"10.1.0.9\\\"]}]"));

    assertThat(machine.log).endsWith("default route of /run/netns/demo_p via 10.1.0.9 dev bond0");
    assertThat(networks.log).endsWith("amend net1 0 routes", "amend net2 2 routes");
    assertThat(store.pods().get(key("p")).networkStatus())
        .contains("\"gateway\": [\n        \"10.1.0.9\"")
        .doesNotContain("10.1.0.1\"");
  }

  @Test
  void twoDefaultRoutesOfOneFamilyAreRefused() throws Exception {
    apply(example());
    String one = "{\\\"name\\\": \\\"bond-net1\\\", \\\"default-route\\\": [\\\"10.1.0.9\\\"]}";

    assertThatThrownBy(() -> apply(pod("p", "[" + one + "," + one + "]")))
        .hasMessageContaining("both give a default-route of one family");
    assertThat(machine.netns).containsExactly("demo_bondpod1");
  }

  private static ObjectKey key(String pod) {
    return new ObjectKey(Kind.POD, "demo", pod);
  }

  private static CniResult result(String link, String address, String destination) {
    return CniResult.ofInterfaces(CniInterface.named(link).withSandbox("/run/netns/demo_p"))
        .withIps(
            List.of(
                new CniIp(
                    OptionalInt.of(0),
                    new IpPrefix(InetAddress.ofLiteral(address), 24),
                    Optional.empty(),
                    JsonObject.of())))
        .withRoutes(
            List.of(
                CniRoute.of(prefix(destination), Optional.of(InetAddress.ofLiteral("10.1.0.1")))));
  }

  private static IpPrefix prefix(String text) {
    String[] parts = text.split("/", -1);
    return new IpPrefix(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
  }
}
