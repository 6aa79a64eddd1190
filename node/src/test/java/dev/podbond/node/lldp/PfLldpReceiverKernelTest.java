package dev.podbond.node.lldp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.lldp.Heard;
import dev.podbond.bonding.lldp.Lldpdu;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.netns.PacketSocket;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.netns.PluggedPf;
import dev.podbond.value.PciAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A device in another namespace, at the other end of a cable, says by LLDP who it is.
@Tag("kernel")
final class PfLldpReceiverKernelTest {
  private static final PciAddress PCI = PluggedPf.PCI;
  private static final HardwareAddress NEAREST = LldpFilter.GROUPS.getFirst();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// Far longer than a frame takes here.
  private static final Duration SILENCE = Duration.ofSeconds(1);

  @TempDir Path root;

  private PluggedPf plugged;
  private Rtnetlink host;
  private PfLldpReceiver receiver;
  private int pf;
  private PacketSocket device;

  @BeforeEach
  void connect() throws Exception {
    plugged = PluggedPf.in(root);
    host = plugged.host();
    pf = plugged.index();
    receiver = new PfLldpReceiver(plugged.devices());
    plugged.network().links().change(plugged.farIndex(), LinkChange.of().bringUp());
    device = PacketSocket.open(plugged.network().netns(), plugged.farIndex());
  }

  @AfterEach
  void close() throws Exception {
    receiver.stop();
    device.close();
    plugged.close();
  }

  private static byte[] lldp(HardwareAddress to, String chassis) {
    byte[] name = chassis.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(60 + name.length)
        .put(to.toBytes())
        .put(new byte[] {2, 0, 0, 0, 0, 1})
        .putShort((short) EthernetHeader.TYPE_LLDP)
        .put(new byte[] {2, (byte) (1 + name.length), 7})
        .put(name)
        .put(new byte[] {4, 2, 7, '1', 6, 2, 0, 120, 0, 0})
        .array();
  }

  private void say(HardwareAddress to, String chassis) throws Exception {
    device.send(to, EthernetHeader.TYPE_LLDP, lldp(to, chassis));
  }

  private Map<PciAddress, Heard> hear() {
    return receiver.hear(Set.of(PCI), host);
  }

  private void awaitDevice(HardwareAddress to, String chassis) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    Heard heard;
    do {
      assertThat(System.nanoTime()).as("nothing of %s", chassis).isLessThan(end);
      say(to, chassis);
      Thread.sleep(50);
      heard = hear().getOrDefault(PCI, new Heard(List.of(), false));
    } while (heard.said().isEmpty());
    assertThat(heard.isMore()).isFalse();
    assertThat(heard.said()).extracting(said -> "" + said.chassis()).contains(chassis);
    drain();
  }

  /// Who awaits a device may have had it speak twice.
  private void drain() throws Exception {
    Thread.sleep(SILENCE);
    Map<PciAddress, Heard> _ = hear();
  }

  private boolean isInGroup() throws Exception {
    return plugged.ip("maddress", "show", "dev", PluggedPf.NAME).contains("" + NEAREST);
  }

  @Test
  void anInterfaceThatIsAloneHearsAllGroups() throws Exception {
    plugged.up();
    assertThat(isInGroup()).isFalse();
    for (HardwareAddress group : LldpFilter.GROUPS) {
      awaitDevice(group, "to-" + group);
    }
    assertThat(isInGroup()).isTrue();
    assertThat(hear()).containsOnlyKeys(PCI);
    assertThat(hear().get(PCI)).as("what was heard once").isEqualTo(new Heard(List.of(), false));
  }

  @Test
  void oneThatIsInABondHearsIt() throws Exception {
    int _ = plugged.joinBond();
    awaitDevice(NEAREST, "behind a bond");
  }

  @Test
  void oneThatIsAPortOfABridgeHearsIt() throws Exception {
    plugged.joinBridge();
    awaitDevice(NEAREST, "behind a bridge");
  }

  @Test
  void whatIsSentToOthersIsNotHeard() throws Exception {
    plugged.up();
    awaitDevice(NEAREST, "first");
    say(HardwareAddress.parse("ff:ff:ff:ff:ff:ff"), "from anywhere");
    say(host.links().get(pf).address().orElseThrow(), "to the PF");
    say(HardwareAddress.parse("01:80:c2:00:00:02"), "no LLDP");
    Thread.sleep(SILENCE);
    assertThat(hear().get(PCI)).isEqualTo(new Heard(List.of(), false));
  }

  @Test
  void aFloodIsReadInPartAndSaidToBeMore() throws Exception {
    plugged.up();
    awaitDevice(NEAREST, "first");
    for (int i = 0; i < 5_000; i++) {
      say(NEAREST, "forged" + i);
    }
    Thread.sleep(SILENCE);
    Heard flood = hear().get(PCI);
    assertThat(flood.said()).hasSize(PfLldpReceiver.MOST_READ);
    assertThat(flood.isMore()).isTrue();
    assertThat(hear().get(PCI)).as("nothing of it is left").isEqualTo(new Heard(List.of(), false));
    awaitDevice(NEAREST, "afterwards");
  }

  @Test
  void whatIsNoLldpduSaysNothing() throws Exception {
    plugged.up();
    awaitDevice(NEAREST, "first");
    byte[] empty = new byte[60];
    System.arraycopy(lldp(NEAREST, ""), 0, empty, 0, EthernetHeader.BYTES);
    device.send(NEAREST, EthernetHeader.TYPE_LLDP, empty);
    device.send(NEAREST, EthernetHeader.TYPE_LLDP, lldp(NEAREST, "x".repeat(1_400)));
    Thread.sleep(SILENCE);
    assertThat(hear().get(PCI).said()).isEmpty();
  }

  @Test
  void anInterfaceThatWasDownIsHeardAgainAndOneThatIsGoneIsNot() throws Exception {
    assertThat(hear()).as("it is down").isEmpty();
    plugged.up();
    awaitDevice(NEAREST, "first");
    host.links().change(pf, LinkChange.of().takeDown());
    assertThat(hear()).isEmpty();
    assertThat(hear()).isEmpty();
    plugged.up();
    awaitDevice(NEAREST, "again");
    host.links().delete(pf);
    assertThat(hear()).isEmpty();
    assertThat(hear()).isEmpty();
  }

  @Test
  void onAPfThatIsNotToBeHeardAnyMoreNobodyListens() throws Exception {
    plugged.up();
    for (int i = 0; i < 2; i++) {
      awaitDevice(NEAREST, "first");
      assertThat(isInGroup()).isTrue();
      if (i == 0) {
        receiver.stop();
      } else {
        assertThat(receiver.hear(Set.of(), host)).isEmpty();
      }
      long end = System.nanoTime() + LIMIT.toNanos();
      while (isInGroup()) {
        assertThat(System.nanoTime()).as("the socket stays").isLessThan(end);
        Thread.sleep(50);
      }
    }
  }

  @Test
  void whatADeviceSaysIsReadAsItIs() throws Exception {
    plugged.up();
    awaitDevice(NEAREST, "spine-1");
    say(NEAREST, "spine-1");
    Thread.sleep(SILENCE);
    Lldpdu said = hear().get(PCI).said().getFirst();
    assertThat(said.chassis().identity()).isEqualTo("7-7370696e652d31");
    assertThat(said.port()).hasToString("1");
    assertThat(said.ttlSeconds()).isEqualTo(120);
  }
}
