package dev.podbond.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.ProbeReach;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.netlink.link.Vlan;
import dev.podbond.netlink.netns.PacketSocket;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.kernel.NodeKernel;
import dev.podbond.node.netns.PluggedPf;
import dev.podbond.value.VlanProtocol;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hosts in another namespace, at the other end of a cable whose carrier stays, are asked through
/// an interface that is alone in a bond.
@Tag("kernel")
final class PfProbesKernelTest {
  private static final ProbePath PLAIN = new ProbePath(PluggedPf.PCI, OptionalInt.empty());
  private static final ProbePath TAGGED = new ProbePath(PluggedPf.PCI, OptionalInt.of(7));
  private static final InetAddress GATEWAY = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress GATEWAY_6 = InetAddress.ofLiteral("2001:db8::1");
  private static final InetAddress IN_VLAN_7 = InetAddress.ofLiteral("198.51.100.1");
  private static final InetAddress IN_VLAN_7_6 = InetAddress.ofLiteral("2001:db8:7::1");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// Far longer than an answer takes here.
  private static final Duration SILENCE = Duration.ofSeconds(1);

  @TempDir Path root;

  private PluggedPf plugged;
  private Rtnetlink host;
  private Rtnetlink network;
  private PfProbes probes;
  private int pf;
  private int far;
  private int bond;

  @BeforeEach
  void connect() throws Exception {
    plugged = PluggedPf.in(root);
    host = plugged.host();
    network = plugged.network();
    NodeKernel kernel = plugged.kernel();
    // A host answers for an address through the interface that has it, and for no other's.
    kernel.apply(new Change.SetSysctl(Place.POD, "ipv4/conf/all/arp_ignore", "1"));
    kernel.apply(new Change.SetSysctl(Place.POD, "ipv6/conf/default/accept_dad", "0"));
    kernel.apply(new Change.SetSysctl(Place.POD, "ipv6/conf/sw1/accept_dad", "0"));
    pf = plugged.index();
    far = plugged.farIndex();
    probes = new PfProbes(plugged.devices());

    bond = plugged.joinBond();
    network.links().change(far, LinkChange.of().bringUp());
    network.addresses().add(IpAddress.of(far, GATEWAY, 24));
    network.addresses().add(IpAddress.of(far, GATEWAY_6, 64));
    network.links().create(NewLink.vlan("sw1.7", far, new Vlan(7, VlanProtocol.DOT1Q)));
    int farVlan = network.links().get("sw1.7").index();
    network.links().change(farVlan, LinkChange.of().bringUp());
    network.addresses().add(IpAddress.of(farVlan, IN_VLAN_7, 24));
    network.addresses().add(IpAddress.of(farVlan, IN_VLAN_7_6, 64));
  }

  @AfterEach
  void close() throws Exception {
    probes.stop();
    plugged.close();
  }

  private Map<ProbePath, Reading> ask(ProbePath path, InetAddress... hosts) throws Exception {
    return probes.ask(Map.of(path, Set.of(hosts)), ProbeReach.EVERYBODY, host).unasked();
  }

  /// Returns whether there was a MAC to ask.
  private boolean askAlone(ProbePath path, InetAddress asked) throws Exception {
    Probes.Asked outcome = probes.ask(Map.of(path, Set.of(asked)), ProbeReach.THE_HOST, host);
    assertThat(outcome.unasked()).isEmpty();
    return outcome.byMac().contains(path);
  }

  private void awaitAnswer(ProbePath path) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!probes.answered().contains(path)) {
      assertThat(System.nanoTime()).as("no answer").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private void awaitAnswer(ProbePath path, InetAddress asked) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    do {
      assertThat(System.nanoTime()).as("no answer from %s", asked).isLessThan(end);
      assertThat(ask(path, asked)).isEmpty();
      Thread.sleep(100);
    } while (!probes.answered().contains(path));
  }

  /// Who awaits an answer may have asked twice, and the second one be on its way.
  private void drain() throws Exception {
    Thread.sleep(SILENCE);
    Set<ProbePath> _ = probes.answered();
  }

  private void awaitSilence(ProbePath path, InetAddress asked) throws Exception {
    drain();
    assertThat(ask(path, asked)).isEmpty();
    Thread.sleep(SILENCE);
    assertThat(probes.answered()).as("answers from %s", asked).isEmpty();
  }

  private void hostVlan(int on) throws Exception {
    host.links().create(NewLink.vlan("vlan7", on, new Vlan(7, VlanProtocol.DOT1Q)));
  }

  @Test
  void aHostIsHeardUntilItIsGoneBehindALiveCarrier() throws Exception {
    awaitAnswer(PLAIN, GATEWAY);
    drain();
    assertThat(probes.answered()).as("what was heard once").isEmpty();
    network.addresses().delete(IpAddress.of(far, GATEWAY, 24));
    awaitSilence(PLAIN, GATEWAY);
    assertThat(host.links().get(pf).hasCarrier()).isTrue();
    network.addresses().add(IpAddress.of(far, GATEWAY, 24));
    awaitAnswer(PLAIN, GATEWAY);
  }

  @Test
  void soIsOneOfIpv6() throws Exception {
    awaitAnswer(PLAIN, GATEWAY_6);
    network.addresses().delete(IpAddress.of(far, GATEWAY_6, 64));
    awaitSilence(PLAIN, GATEWAY_6);
    network.addresses().add(IpAddress.of(far, GATEWAY_6, 64));
    awaitAnswer(PLAIN, GATEWAY_6);
  }

  @Test
  void aHostIsAskedAloneByItsMacAndFoundAgainWhenThatIsAnother() throws Exception {
    hostVlan(bond);
    for (InetAddress asked : List.of(GATEWAY, GATEWAY_6)) {
      awaitAloneAndMoved(PLAIN, asked, "02:00:00:00:00:0" + (asked == GATEWAY ? 1 : 2));
    }
    for (InetAddress asked : List.of(IN_VLAN_7, IN_VLAN_7_6)) {
      awaitAloneAndMoved(TAGGED, asked, "02:00:00:00:00:0" + (asked == IN_VLAN_7 ? 3 : 4));
    }
  }

  private void awaitAloneAndMoved(ProbePath path, InetAddress asked, String mac) throws Exception {
    awaitAnswer(path, asked);
    drain();
    assertThat(askAlone(path, asked)).isTrue();
    awaitAnswer(path);
    drain();
    // The VLAN's interface has the same one.
    network.links().change(far, LinkChange.of().address(HardwareAddress.parse(mac)));
    assertThat(askAlone(path, asked)).isTrue();
    Thread.sleep(SILENCE);
    assertThat(probes.answered()).as("answers of the MAC that is gone").isEmpty();
    probes.askEverybody(Set.of(path));
    awaitAnswer(path);
    drain();
    assertThat(askAlone(path, asked)).isTrue();
    awaitAnswer(path);
  }

  /// Whoever answers in a host's name has questions go astray, and that is all.
  @Test
  void aForgedMacHidesNobody() throws Exception {
    awaitAnswer(PLAIN, GATEWAY);
    drain();
    HardwareAddress to = host.links().get(pf).address().orElseThrow();
    byte[] forged = Answers.of(GATEWAY);
    System.arraycopy(to.toBytes(), 0, forged, 0, 6);
    try (PacketSocket pod = PacketSocket.open(network.netns(), far)) {
      pod.send(to, EthernetHeader.TYPE_ARP, forged);
    }
    awaitAnswer(PLAIN);
    assertThat(askAlone(PLAIN, GATEWAY)).isTrue();
    Thread.sleep(SILENCE);
    assertThat(probes.answered()).isEmpty();
    probes.askEverybody(Set.of(PLAIN));
    awaitAnswer(PLAIN);
  }

  @Test
  void ofSeveralHostsOneIsEnough() throws Exception {
    network.addresses().delete(IpAddress.of(far, GATEWAY, 24));
    long end = System.nanoTime() + LIMIT.toNanos();
    do {
      assertThat(System.nanoTime()).isLessThan(end);
      assertThat(ask(PLAIN, GATEWAY, GATEWAY_6)).isEmpty();
      Thread.sleep(100);
    } while (probes.answered().isEmpty());
  }

  @Test
  void aVlanIsAnotherWay() throws Exception {
    assertThat(ask(TAGGED, IN_VLAN_7).get(TAGGED).toString())
        .startsWith("unknown: the host has no interface for VLAN 7 on ens1f0");
    hostVlan(bond);
    awaitAnswer(TAGGED, IN_VLAN_7);
    awaitAnswer(TAGGED, IN_VLAN_7_6);
    awaitSilence(PLAIN, IN_VLAN_7);
    awaitSilence(PLAIN, IN_VLAN_7_6);
    awaitSilence(TAGGED, GATEWAY);
  }

  /// As the first VLAN interface takes the tag away.
  @Test
  void anAnswerInAVlanThatTheHostUsesIsHeard() throws Exception {
    hostVlan(bond);
    int vlan = host.links().get("vlan7").index();
    host.links().change(vlan, LinkChange.of().bringUp());
    awaitAnswer(TAGGED, IN_VLAN_7);
    awaitAnswer(TAGGED, IN_VLAN_7_6);
  }

  @Test
  void aPortOfABridgeHearsItsAnswersToo() throws Exception {
    plugged.joinBridge();
    awaitAnswer(PLAIN, GATEWAY);
    awaitAnswer(PLAIN, GATEWAY_6);
  }

  @Test
  void anInterfaceThatIsAloneIsAskedThrough() throws Exception {
    host.links().change(pf, LinkChange.of().leave());
    host.links().change(pf, LinkChange.of().bringUp());
    awaitAnswer(PLAIN, GATEWAY);
    hostVlan(pf);
    awaitAnswer(TAGGED, IN_VLAN_7);
  }

  @Test
  void aPortThatSharesABondIsNotUsed() throws Exception {
    host.links().create(NewLink.dummy("other"));
    host.links().change(host.links().get("other").index(), LinkChange.of().join(bond));
    assertThat(ask(PLAIN, GATEWAY).get(PLAIN).toString())
        .startsWith("unknown: it shares up0 of the host with other ports");
  }

  @Test
  void anInterfaceThatIsDownIsBadAndOneThatIsNotThereIsUnknown() throws Exception {
    awaitAnswer(PLAIN, GATEWAY);
    drain();
    host.links().change(pf, LinkChange.of().takeDown());
    assertThat(probes.answered()).isEmpty();
    assertThat(ask(PLAIN, GATEWAY))
        .containsEntry(PLAIN, new Reading.Bad("its interface on the host is down"));
    host.links().change(pf, LinkChange.of().bringUp());
    awaitAnswer(PLAIN, GATEWAY);
    host.links().delete(pf);
    assertThat(probes.answered()).isEmpty();
    assertThat(ask(PLAIN, GATEWAY))
        .containsEntry(PLAIN, new Reading.Unknown("it has no interface on the host"));
  }

  @Test
  void aFloodNeitherCountsNorHidesAnAnswer() throws Exception {
    awaitAnswer(PLAIN, GATEWAY);
    drain();
    HardwareAddress to = host.links().get(pf).address().orElseThrow();
    byte[] forged = Answers.of(InetAddress.ofLiteral("192.0.2.99"));
    byte[] other = new byte[1500];
    other[12] = 0x08;
    System.arraycopy(to.toBytes(), 0, forged, 0, 6);
    System.arraycopy(to.toBytes(), 0, other, 0, 6);
    try (PacketSocket flood = PacketSocket.open(network.netns(), far)) {
      for (int i = 0; i < 5_000; i++) {
        flood.send(to, EthernetHeader.TYPE_ARP, forged);
        flood.send(to, EthernetHeader.TYPE_IPV4, other);
      }
      assertThat(probes.answered()).isEmpty();
      long end = System.nanoTime() + LIMIT.toNanos();
      do {
        assertThat(System.nanoTime()).as("no answer beside the flood").isLessThan(end);
        // The kernel may drop a frame of so many before any socket sees it.
        assertThat(ask(PLAIN, GATEWAY)).isEmpty();
        for (int i = 0; i < 5_000; i++) {
          flood.send(to, EthernetHeader.TYPE_ARP, forged);
        }
        Thread.sleep(100);
      } while (!probes.answered().contains(PLAIN));
    }
  }

  /// Of answers without end as many are kept as have room, and one look takes them all.
  @Test
  void answersWithoutEndAreForgottenWithOneLook() throws Exception {
    awaitAnswer(PLAIN, GATEWAY);
    HardwareAddress to = host.links().get(pf).address().orElseThrow();
    byte[] forged = Answers.of(GATEWAY);
    System.arraycopy(to.toBytes(), 0, forged, 0, 6);
    try (PacketSocket flood = PacketSocket.open(network.netns(), far)) {
      for (int i = 0; i < 5_000; i++) {
        flood.send(to, EthernetHeader.TYPE_ARP, forged);
      }
    }
    Thread.sleep(SILENCE);
    assertThat(probes.answered()).containsExactly(PLAIN);
    assertThat(probes.answered()).isEmpty();
  }
}
