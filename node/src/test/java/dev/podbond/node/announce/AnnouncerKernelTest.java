package dev.podbond.node.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.node.kernel.NodeKernel;
import dev.podbond.node.netns.TwoNamespaces;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.node.observe.PodScope;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A pod announces its addresses, and the kernel at the other end of the cable learns them.
@Tag("kernel")
class AnnouncerKernelTest {
  private static final LinkRef NET1 = LinkRef.pod("net1");
  private static final LinkRef PEER = LinkRef.host("peer");
  private static final Polling POLLING = new Polling(WaitClock.SYSTEM);
  private static final Duration LONG = Duration.ofSeconds(30);

  private TwoNamespaces namespaces;
  private NodeKernel kernel;

  @BeforeEach
  void connect() throws Exception {
    namespaces = TwoNamespaces.empty();
    kernel = namespaces.kernel();
    namespaces.pod().links().create(NewLink.veth("net1", "peer", namespaces.host().netns()));
    kernel.apply(new Change.SetSysctl(Place.POD, "ipv6/conf/net1/accept_dad", "0"));
    kernel.apply(new Change.SetSysctl(Place.HOST, "ipv4/conf/peer/arp_accept", "1"));
    kernel.apply(new Change.AddAddress(PEER, prefix("10.1.0.1/24")));
  }

  @AfterEach
  void close() throws Exception {
    namespaces.close();
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }

  private LinkFacts net1() throws Exception {
    return namespaces
        .observer()
        .observe(new FactsRequest(Set.of(), Set.of(), PodScope.Named.links(Set.of("net1"))))
        .link(Place.POD, "net1")
        .orElseThrow();
  }

  private boolean peerKnows(String address, String mac) throws Exception {
    Path host = namespaces.host().netns().path();
    Process ip =
        new ProcessBuilder("ip", "-n", String.valueOf(host.getFileName()), "neigh", "show", address)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .contains("lladdr " + mac);
  }

  @Test
  void theOtherEndLearnsTheMacWithoutAsking() throws Exception {
    kernel.apply(new Change.SetAdminState(PEER, true));
    kernel.apply(new Change.SetAdminState(NET1, true));
    kernel.apply(new Change.AddAddress(NET1, prefix("10.1.0.2/24")));
    kernel.apply(new Change.AddAddress(NET1, prefix("fd00:1::2/64")));
    // Even without a detection it is a kernel thread that marks the address as usable, a moment
    // later.
    int index = namespaces.pod().links().get("net1").index();
    assertThat(new AddressSettling(namespaces.pod(), POLLING).await(index, LONG).isSettled())
        .isTrue();
    Announcer.announce(
        namespaces.pod().netns(),
        net1(),
        List.of(InetAddress.ofLiteral("10.1.0.2"), InetAddress.ofLiteral("fd00:1::2")));
    String mac = namespaces.pod().links().get("net1").address().orElseThrow().toString();
    assertThat(POLLING.until(() -> peerKnows("10.1.0.2", mac), LONG)).isTrue();
  }

  @Test
  void aLinkThatIsDownHasNobodyToTell() throws Exception {
    kernel.apply(new Change.AddAddress(NET1, prefix("10.1.0.2/24")));
    assertThatCode(() ->
            Announcer.announce(
                namespaces.pod().netns(), net1(), List.of(InetAddress.ofLiteral("10.1.0.2"))))
        .doesNotThrowAnyException();
  }

  @Test
  void duplicateAddressDetectionIsWaitedFor() throws Exception {
    kernel.apply(new Change.SetSysctl(Place.POD, "ipv6/conf/net1/accept_dad", "1"));
    // Long enough that the check below is in time, however busy the machine is.
    kernel.apply(new Change.SetSysctl(Place.POD, "ipv6/conf/net1/dad_transmits", "4"));
    kernel.apply(new Change.SetAdminState(PEER, true));
    kernel.apply(new Change.SetAdminState(NET1, true));
    kernel.apply(new Change.AddAddress(NET1, prefix("fd00:1::2/64")));
    int index = namespaces.pod().links().get("net1").index();
    AddressSettling settling = new AddressSettling(namespaces.pod(), POLLING);
    assertThat(settling.await(index, Duration.ZERO).tentative()).isNotEmpty();
    assertThat(settling.await(index, LONG).isSettled()).isTrue();
  }
}
