package dev.podbond.netlink.rtnl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.AddressFlags;
import dev.podbond.netlink.ip.Family;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.ip.NextHop;
import dev.podbond.netlink.ip.Route;
import dev.podbond.netlink.ip.Scope;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.LinkProperty;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.netlink.netns.NamedNetns;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.netns.PacketFilter;
import dev.podbond.netlink.netns.PacketSocket;
import dev.podbond.netlink.netns.Sysctl;
import dev.podbond.netlink.thread.ThreadNetns;
import dev.podbond.value.IpPrefix;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The module against the running kernel, as root: the part that needs only veth and namespaces.
@Tag("kernel")
class RtnetlinkKernelTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private FreshNetns pod;
  private FreshNetns other;

  @BeforeEach
  void makeNamespaces() throws Exception {
    pod = FreshNetns.create("a");
    other = FreshNetns.create("b");
  }

  @AfterEach
  void removeNamespacesAndLookForStrays() throws Exception {
    pod.close();
    other.close();
    assertThat(ThreadNetns.strays()).isEmpty();
  }

  private Link veth() throws NetlinkException {
    pod.net().links().create(NewLink.veth("v0", "v1"));
    Link veth = pod.net().links().get("v0");
    pod.net().links().change(veth.index(), LinkChange.of().bringUp());
    pod.net().links().change(pod.net().links().get("v1").index(), LinkChange.of().bringUp());
    return pod.net().links().get(veth.index());
  }

  /// An IPv6 address without duplicate address detection (`IFA_F_NODAD`).
  private static IpAddress atOnce(Link link, String address) {
    return new IpAddress(
        link.index(),
        ip(address),
        64,
        Optional.empty(),
        Optional.empty(),
        Scope.GLOBAL,
        new AddressFlags(0x02));
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  /// Sets each property to another value, one after the other, and back.
  @Test
  void everyPropertyIsSetAndSetBack() throws Exception {
    Link before = veth();
    Map<LinkProperty, String> values = new EnumMap<>(LinkProperty.class);
    values.put(LinkProperty.ARP, "off");
    values.put(LinkProperty.MULTICAST, "off");
    values.put(LinkProperty.ALLMULTICAST, "on");
    values.put(LinkProperty.PROMISC, "on");
    values.put(LinkProperty.DYNAMIC, "on");
    values.put(LinkProperty.TRAILERS, "off");
    values.put(LinkProperty.DEBUG, "on");
    values.put(LinkProperty.TX_QUEUE_LENGTH, "7");
    values.put(LinkProperty.GSO_MAX_SIZE, "9000");
    values.put(LinkProperty.GSO_MAX_SEGS, "9");
    values.put(LinkProperty.GRO_MAX_SIZE, "8000");
    values.put(LinkProperty.GROUP, "3");
    values.put(LinkProperty.ALIAS, "mine, for now");
    values.put(LinkProperty.BROADCAST, "02:00:00:00:00:ff");
    for (Map.Entry<LinkProperty, String> entry : values.entrySet()) {
      pod.net().links().set(before.index(), entry.getKey(), entry.getValue());
      Link now = pod.net().links().get(before.index());
      assertThat(entry.getKey().of(now)).as("%s", entry.getKey()).contains(entry.getValue());
    }
    pod.net().links().set(before.index(), LinkProperty.XDP, "off");
    for (LinkProperty property : values.keySet()) {
      pod.net().links().set(before.index(), property, property.of(before).orElseThrow());
    }
    Link after = pod.net().links().get(before.index());
    for (LinkProperty property : LinkProperty.values()) {
      assertThat(property.of(after)).as("%s", property).isEqualTo(property.of(before));
    }
  }

  @Test
  void aLinkIsMadeChangedAndRemoved() throws Exception {
    HardwareAddress mac = HardwareAddress.parse("02:00:00:00:00:0a");
    pod.net().links().create(NewLink.veth("v0", "v1").withMtu(1400).withAddress(mac));
    Link veth = pod.net().links().get("v0");
    assertThat(veth.mtu()).isEqualTo(1400);
    assertThat(veth.address()).contains(mac);
    assertThat(pod.ipJson("link", "show", "v0"))
        .contains("\"mtu\":1400", "\"address\":\"02:00:00:00:00:0a\"", "\"info_kind\":\"veth\"");

    HardwareAddress next = HardwareAddress.parse("02:00:00:00:00:0b");
    pod.net()
        .links()
        .change(veth.index(), LinkChange.of().takeDown().mtu(1300).address(next).rename("net1"));
    Link changed = pod.net().links().get(veth.index());
    assertThat(changed.name()).isEqualTo("net1");
    assertThat(changed.mtu()).isEqualTo(1300);
    assertThat(changed.address()).contains(next);
    assertThat(changed.isUp()).isFalse();

    pod.net().links().delete(veth.index());
    assertThat(pod.net().links().find("net1")).isEmpty();
    assertThat(pod.net().links().find("v1")).isEmpty();
  }

  @Test
  void refusalsCarryTheKernelsWords() throws Exception {
    Link veth = veth();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> pod.net().links().change(veth.index(), LinkChange.of().mtu(10)))
        .withMessageContaining("mtu less than device minimum")
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    assertThatThrownBy(() -> pod.net().links().create(NewLink.veth("v0", "v9")))
        .hasMessage("create veth v0: EEXIST (File exists)");
    assertThatThrownBy(() -> pod.net().links().get("nope"))
        .hasMessage("get link nope: ENODEV (No such device)");
  }

  @Test
  void alternativeNamesAreNames() throws Exception {
    Link veth = veth();
    String longName = "an-alternative-name-longer-than-fifteen-bytes";
    pod.net().links().addAltName(veth.index(), longName);
    pod.net().links().addAltName(veth.index(), "short");
    assertThat(pod.net().links().get(longName).index()).isEqualTo(veth.index());
    assertThat(pod.net().links().get("short").altNames())
        .containsExactlyInAnyOrder(longName, "short");
    assertThat(pod.ipJson("link", "show", "v0")).contains(longName);
    pod.net().links().deleteAltName(veth.index(), "short");
    assertThat(pod.net().links().find("short")).isEmpty();
    assertThatThrownBy(() -> pod.net().links().addAltName(veth.index(), longName))
        .hasMessageContaining("EEXIST");
  }

  @Test
  void aLinkMovesAndIsRenamedInOneMessage() throws Exception {
    Link veth = veth();
    pod.net().links().change(veth.index(), LinkChange.of().moveTo(other.netns()).rename("eth0"));
    Link arrived = other.net().links().get("eth0");
    assertThat(arrived.isUp()).isFalse();
    assertThat(pod.net().links().find(veth.name())).isEmpty();
  }

  @Test
  void aPeerIsMadeInAnotherNamespace() throws Exception {
    pod.net().links().create(NewLink.veth("v0", "eth0", other.netns()));
    assertThat(other.net().links().get("eth0").kind()).contains("veth");
    assertThat(pod.net().links().find("eth0")).isEmpty();
  }

  @Test
  void addressesAreAddedReadAndDeleted() throws Exception {
    Link veth = veth();
    IpAddress v4 =
        IpAddress.of(veth.index(), ip("10.9.0.1"), 24)
            .withBroadcast((Inet4Address) ip("10.9.0.255"));
    IpAddress v6 = atOnce(veth, "fd00::1");
    pod.net().addresses().add(v4);
    pod.net().addresses().add(v6);
    List<IpAddress> found = pod.net().addresses().list(veth.index());
    assertThat(found).extracting(IpAddress::address).contains(ip("10.9.0.1"), ip("fd00::1"));
    assertThat(found)
        .filteredOn(a -> a.address().equals(ip("fd00::1")))
        .allMatch(a -> !a.flags().isTentative());
    assertThat(found)
        .filteredOn(a -> a.address().equals(ip("10.9.0.1")))
        .allMatch(a -> a.broadcast().equals(Optional.of(ip("10.9.0.255"))));
    assertThat(pod.ipJson("addr", "show", "v0"))
        .contains("\"local\":\"10.9.0.1\"", "\"broadcast\":\"10.9.0.255\"", "\"nodad\":true");
    assertThatThrownBy(() -> pod.net().addresses().add(v4)).hasMessageContaining("EEXIST");
    pod.net().addresses().delete(v4);
    assertThatThrownBy(() -> pod.net().addresses().delete(v4))
        .hasMessageContaining("EADDRNOTAVAIL");
    assertThat(pod.net().addresses().list())
        .extracting(IpAddress::address)
        .doesNotContain(ip("10.9.0.1"));
  }

  @Test
  void oneAddressIsFoundAndItsFlagsTellOfADuplicate() throws Exception {
    Link one = veth();
    Link two = pod.net().links().get("v1");
    Inet6Address shared = (Inet6Address) ip("fd00::7");
    Inet6Address own = (Inet6Address) ip("fd00::8");
    pod.net().addresses().add(IpAddress.of(one.index(), shared, 64));
    assertThat(pod.net().addresses().find(two.index(), shared)).isEmpty();
    assertThat(pod.net().addresses().find(one.index(), own)).isEmpty();
    assertThat(pod.net().addresses().find(999_999, own)).isEmpty();
    settle(one, shared);

    pod.net().addresses().add(IpAddress.of(two.index(), shared, 64));
    pod.net().addresses().add(IpAddress.of(two.index(), own, 64));

    settle(two, own);
    settle(two, shared);
    assertThat(find(one, shared).flags().isDadFailed()).isFalse();
    assertThat(find(two, own).flags().isDadFailed()).isFalse();
    assertThat(find(two, shared).flags().isDadFailed()).isTrue();
  }

  private IpAddress find(Link link, Inet6Address address) throws NetlinkException {
    return pod.net().addresses().find(link.index(), address).orElseThrow();
  }

  /// Duplicate address detection takes a second or two.
  private void settle(Link link, Inet6Address address) throws Exception {
    long end = System.nanoTime() + LONG.toNanos();
    while (find(link, address).flags().isTentative()
        && !find(link, address).flags().isDadFailed()
        && System.nanoTime() < end) {
      Thread.sleep(20);
    }
  }

  @Test
  void routesAreAddedReadAndDeleted() throws Exception {
    Link veth = veth();
    pod.net().addresses().add(IpAddress.of(veth.index(), ip("10.9.0.1"), 24));
    pod.net().addresses().add(atOnce(veth, "fd00::1"));
    Route route =
        Route.of(new IpPrefix(ip("10.20.0.0"), 16), NextHop.gateway(ip("10.9.0.2"), veth.index()))
            .withMtu(1300)
            .withAdvertisedMss(1200)
            .withPriority(7);
    pod.net().routes().addBeside(route);
    assertThat(pod.ipJson("route", "show", "10.20.0.0/16"))
        .contains("\"gateway\":\"10.9.0.2\"", "\"metric\":7", "1300", "1200");
    Route found = route(Family.IPV4, "10.20.0.0");
    assertThat(found.nextHops()).containsExactly(NextHop.gateway(ip("10.9.0.2"), veth.index()));
    assertThat(found.mtu()).hasValue(1300);
    assertThat(found.advertisedMss()).hasValue(1200);
    assertThat(found.priority()).hasValue(7);

    pod.net().routes().delete(route(Family.IPV4, "10.20.0.0"));
    assertThat(pod.net().routes().list(Family.IPV4))
        .noneMatch(r -> r.destination().address().equals(ip("10.20.0.0")));

    pod.net()
        .routes()
        .addBeside(
            Route.of(
                new IpPrefix(Family.IPV4.any(), 0), NextHop.gateway(ip("10.9.0.9"), veth.index())));
    assertThat(pod.ip("route")).contains("default via 10.9.0.9");
    pod.net()
        .routes()
        .addBeside(
            Route.of(
                    new IpPrefix(ip("10.40.0.0"), 16),
                    new NextHop(
                        OptionalInt.of(veth.index()), Optional.of(ip("172.16.0.1")), 1, true))
                .withTable(1000));
    Route onLink = route(Family.IPV4, "10.40.0.0");
    assertThat(onLink.nextHops().getFirst().onLink()).isTrue();
    assertThat(onLink.table()).isEqualTo(1000);
  }

  @Test
  void severalWaysLeadToOneDestination() throws Exception {
    Link veth = veth();
    pod.net().addresses().add(IpAddress.of(veth.index(), ip("10.9.0.1"), 24));
    pod.net().addresses().add(atOnce(veth, "fd00::1"));
    pod.net()
        .routes()
        .addBeside(
            Route.of(
                new IpPrefix(ip("10.30.0.0"), 16),
                NextHop.gateway(ip("10.9.0.2"), veth.index()),
                new NextHop(OptionalInt.of(veth.index()), Optional.of(ip("10.9.0.3")), 3, false)));
    assertThat(route(Family.IPV4, "10.30.0.0").nextHops())
        .extracting(NextHop::weight)
        .containsExactly(1, 3);
    IpPrefix prefix = new IpPrefix(ip("fd20::"), 16);
    pod.net().routes().addBeside(Route.of(prefix, NextHop.gateway(ip("fd00::2"), veth.index())));
    pod.net().routes().addBeside(Route.of(prefix, NextHop.gateway(ip("fd00::3"), veth.index())));
    assertThat(route(Family.IPV6, "fd20::").nextHops())
        .extracting(hop -> hop.gateway().orElseThrow())
        .containsExactlyInAnyOrder(ip("fd00::2"), ip("fd00::3"));
  }

  /// In any table, as one of several next hops, and through a nexthop object, whose link only the
  /// kernel knows.
  @Test
  void theRoutesThroughOneLinkAreFoundInAnyTable() throws Exception {
    Link veth = veth();
    pod.net().addresses().add(IpAddress.of(veth.index(), ip("10.9.0.1"), 24));
    pod.ip("link", "add", "other", "type", "dummy");
    pod.ip("link", "set", "other", "up");
    Link other = pod.net().links().get("other");
    pod.ip("route", "add", "10.60.0.0/16", "dev", "other");
    pod.ip("route", "add", "10.61.0.0/16", "via", "10.9.0.2", "table", "1000");
    pod.ip("route", "add", "10.62.0.0/16", "nexthop", "dev", "other", "nexthop", "via", "10.9.0.3");
    pod.ip("nexthop", "add", "id", "7", "via", "10.9.0.4", "dev", "v0");
    pod.ip("route", "add", "10.63.0.0/16", "nhid", "7");
    pod.ip("-6", "route", "add", "default", "dev", "v0", "metric", "5");

    assertThat(destinations(Family.IPV4, veth))
        .contains("10.61.0.0/16", "10.62.0.0/16", "10.63.0.0/16")
        .doesNotContain("10.60.0.0/16");
    assertThat(destinations(Family.IPV4, other))
        .containsExactlyInAnyOrder("10.60.0.0/16", "10.62.0.0/16");
    assertThat(destinations(Family.IPV6, veth)).contains("::/0");
    assertThat(destinations(Family.IPV6, other)).doesNotContain("::/0");
  }

  /// The kernel reuses inodes of namespaces, but never cookies.
  @Test
  void noTwoNamespacesOfABootShareACookie() throws Exception {
    Set<Long> cookies = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      try (Netns netns = Netns.create();
          Netns same = Netns.of(netns.path())) {
        assertThat(cookies.add(netns.cookie().orElseThrow())).as("namespace %d", i).isTrue();
        assertThat(same.cookie()).isEqualTo(netns.cookie());
      }
    }
    assertThat(cookies).doesNotContain(pod.netns().cookie().orElseThrow());
  }

  private List<String> destinations(Family family, Link link) throws Exception {
    List<String> destinations = new ArrayList<>();
    pod.net()
        .routes()
        .forEach(family, link.index(), route -> destinations.add(route.destination().toString()));
    return destinations;
  }

  private Route route(Family family, String destination) throws Exception {
    return pod.net().routes().list(family).stream()
        .filter(r -> r.destination().address().equals(ip(destination)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatChangesInAnotherNamespaceIsHeard() throws Exception {
    try (LinkMonitor<String> monitor = LinkMonitor.open()) {
      monitor.watch("pod", pod.netns());
      monitor.watch("other", other.netns());
      Link veth = veth();
      HeardNews.awaitChange(monitor, "pod");
      HeardNews.awaitSilence(monitor);

      pod.net().addresses().add(IpAddress.of(veth.index(), ip("10.9.0.1"), 24));
      HeardNews.awaitChange(monitor, "pod");
      HeardNews.awaitSilence(monitor);

      pod.net().links().delete(veth.index());
      assertThat(HeardNews.awaitChange(monitor, "pod").changed()).doesNotContain("other");
    }
  }

  @Test
  void aNamespaceThatIsForgottenIsHeldNoMore() throws Exception {
    try (LinkMonitor<String> monitor = LinkMonitor.open()) {
      FreshNetns brief = FreshNetns.create("brief");
      pod.net().links().create(NewLink.veth("v0", "eth0", brief.netns()));
      monitor.watch("brief", brief.netns());
      monitor.watch("pod", pod.netns());
      brief.close();
      HeardNews.awaitSilence(monitor);
      assertThat(pod.net().links().find("v0")).as("the other end is held").isPresent();

      monitor.forget("brief");
      while (pod.net().links().find("v0").isPresent()) {
        HeardNews.awaitChange(monitor, "pod");
      }
    }
  }

  @Test
  void linksOfTheOwnNamespaceAreReadAndALossIsTold() throws Exception {
    String name = "podbond-own";
    try (LinkMonitor<String> monitor = LinkMonitor.open();
        Rtnetlink host = Rtnetlink.open()) {
      host.links().create(NewLink.veth(name, name + "1"));
      int index = host.links().get(name).index();
      try {
        HeardNews heard = new HeardNews();
        while (!heard.links().contains(name)) {
          monitor.await(LONG, heard);
        }
        for (int i = 0; i < 1_500; i++) {
          host.links().change(index, LinkChange.of().mtu(1000 + i % 2));
        }
        while (!heard.isLost()) {
          monitor.await(LONG, heard);
        }
      } finally {
        host.links().delete(index);
      }
    }
  }

  @Test
  void settingsBelongToTheNamespace() throws Exception {
    veth();
    String setting = "ipv6/conf/v0/accept_dad";
    Sysctl.write(pod.netns(), setting, "0");
    assertThat(Sysctl.read(pod.netns(), setting)).isEqualTo("0");
    assertThatThrownBy(() -> Sysctl.read(other.netns(), setting))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("ENOENT");
  }

  @Test
  void framesLeaveThroughTheInterface() throws Exception {
    Link veth = veth();
    Link peer = pod.net().links().get("v1");
    byte[] arp = new byte[60];
    arp[12] = 0x08;
    arp[13] = 0x06;
    long before = received(peer.name());
    try (PacketSocket socket = PacketSocket.open(pod.netns(), veth.index())) {
      for (int i = 0; i < 5; i++) {
        socket.send(HardwareAddress.parse("ff:ff:ff:ff:ff:ff"), 0x0806, arp);
      }
    }
    assertThat(received(peer.name()) - before).isGreaterThanOrEqualTo(5);
    assertThatThrownBy(() -> PacketSocket.open(pod.netns(), 9999)).hasMessageContaining("ENODEV");
  }

  @Test
  void aGroupIsReceivedAsLongAsTheSocketIsOpenAndWhatFindsNoRoomIsCounted() throws Exception {
    int veth = veth().index();
    int peer = pod.net().links().get("v1").index();
    HardwareAddress group = HardwareAddress.parse("01:80:c2:00:00:0e");
    byte[] frame = new byte[1500];
    System.arraycopy(group.toBytes(), 0, frame, 0, group.length());
    PacketFilter all =
        new PacketFilter(List.of(new PacketFilter.Instruction(0x06, 0, 0, frame.length)));
    try (PacketSocket sender = PacketSocket.open(pod.netns(), peer);
        PacketSocket receiver = PacketSocket.open(pod.netns(), veth, all)) {
      assertThat(pod.ip("maddress", "show", "dev", "v0")).doesNotContain("" + group);
      receiver.join(group);
      assertThat(pod.ip("maddress", "show", "dev", "v0")).contains("" + group);
      assertThat(receiver.hasDropped()).isFalse();
      long end = System.nanoTime() + LONG.toNanos();
      do {
        assertThat(System.nanoTime()).as("there is room for all").isLessThan(end);
        sender.send(group, 0x88cc, frame);
      } while (!receiver.hasDropped());
      assertThat(receiver.receive()).isPresent();
      // What is under way still may find no room either.
      while (receiver.hasDropped()) {
        assertThat(System.nanoTime()).as("it is forgotten once it was asked").isLessThan(end);
      }
    }
    assertThat(pod.ip("maddress", "show", "dev", "v0")).doesNotContain("" + group);
  }

  private long received(String link) throws Exception {
    String statistics = pod.ip("-s", "-o", "link", "show", link);
    String[] words = statistics.substring(statistics.indexOf("RX:")).split("\\\\");
    return Long.parseLong(words[1].strip().split("\\s+")[1]);
  }

  @Test
  void namedNamespacesAreThoseOfIproute2() throws Exception {
    String name = "podbond-test-named";
    NamedNetns.delete(name);
    var path = NamedNetns.create(name);
    try (Netns netns = Netns.of(path)) {
      assertThatThrownBy(() -> NamedNetns.create(name))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(netns.isSameAs(pod.netns())).isFalse();
      assertThat(pod.ip("netns", "list")).contains(name);
    }
    assertThat(NamedNetns.delete(name)).isTrue();
    assertThat(NamedNetns.delete(name)).isFalse();
    assertThat(Files.exists(path)).isFalse();
  }

  @Test
  void anyThreadMayUseASocketOfAnyNamespace() throws Exception {
    List<String> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "t" + i;
      Runnable work =
          () -> {
            try {
              for (int n = 0; n < 4; n++) {
                try (Rtnetlink net = Rtnetlink.open(Netns.of(pod.netns().path()))) {
                  net.links().create(NewLink.veth(name, name + "p"));
                  Link link = net.links().get(name);
                  pod.net().links().delete(link.index());
                }
              }
            } catch (Exception e) {
              synchronized (failures) {
                failures.add(e.toString());
              }
            }
          };
      threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(ThreadNetns.strays()).isEmpty();
  }
}
