package dev.podbond.node.lldp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.FilterRun;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What passes the filter for LLDP.
final class LldpFilterTest {
  private static final OptionalInt NONE = OptionalInt.empty();
  private static final int MOST = EthernetHeader.BYTES + 1500;

  private static byte[] frame(HardwareAddress to, int type, int length) {
    byte[] frame = Arrays.copyOf(to.toBytes(), length);
    frame[12] = (byte) (type >> 8);
    frame[13] = (byte) type;
    return frame;
  }

  private static int taken(byte[] frame, OptionalInt tag, int packetType) {
    return FilterRun.taken(LldpFilter.filter(), frame, tag, packetType);
  }

  private static int taken(byte[] frame) {
    return taken(frame, NONE, FilterRun.INCOMING);
  }

  @Test
  void theGroupsAreThoseOfTheStandard() {
    assertThat(LldpFilter.GROUPS)
        .extracting(HardwareAddress::toString)
        .containsExactly("01:80:c2:00:00:0e", "01:80:c2:00:00:03", "01:80:c2:00:00:00");
  }

  @Test
  void whatIsSentToAGroupPasses() {
    for (HardwareAddress group : LldpFilter.GROUPS) {
      byte[] frame = frame(group, EthernetHeader.TYPE_LLDP, 60);
      assertThat(taken(frame)).as("%s", group).isEqualTo(MOST);
      assertThat(taken(frame, OptionalInt.of(5 << 13), FilterRun.INCOMING))
          .as("with a priority alone")
          .isEqualTo(MOST);
      assertThat(taken(frame, OptionalInt.of(7), FilterRun.INCOMING)).as("in a VLAN").isZero();
      assertThat(taken(frame, NONE, FilterRun.OUTGOING)).as("from this node").isZero();
    }
  }

  /// A bridge forwards what is sent to anybody else, so that it may come from far away.
  @Test
  void whatIsSentToAnybodyElseOrIsNoLldpDoesNot() {
    for (String to :
        new String[] {
          "ff:ff:ff:ff:ff:ff",
          "02:00:00:00:00:01",
          "01:80:c2:00:00:02",
          "01:80:c2:01:00:0e",
          "01:00:5e:00:00:0e",
          "01:80:c2:00:01:0e"
        }) {
      byte[] frame = frame(HardwareAddress.parse(to), EthernetHeader.TYPE_LLDP, 60);
      assertThat(taken(frame)).as(to).isZero();
    }
    for (int type : new int[] {0x8809, EthernetHeader.TYPE_ARP, 0x8100, 0x88cd, 0xcc88}) {
      assertThat(taken(frame(LldpFilter.GROUPS.getFirst(), type, 60))).as("%x", type).isZero();
    }
    byte[] whole = frame(LldpFilter.GROUPS.getFirst(), EthernetHeader.TYPE_LLDP, 14);
    for (int length = 0; length < whole.length; length++) {
      assertThat(taken(Arrays.copyOf(whole, length))).as("%d octets", length).isZero();
    }
  }

  @Test
  void anyOtherFrameDoesNot() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] frame =
          frame(
              LldpFilter.GROUPS.get(random.nextInt(LldpFilter.GROUPS.size())),
              EthernetHeader.TYPE_LLDP,
              14 + random.nextInt(100));
      boolean passes = random.nextInt(4) == 0;
      if (!passes) {
        int place = random.nextBoolean() ? random.nextInt(6) : 12 + random.nextInt(2);
        frame[place] ^= (byte) (1 << (4 + random.nextInt(4)));
      }
      assertThat(taken(frame) > 0)
          .as("seed %d, round %d: %s", seed, i, HexFormat.of().formatHex(frame))
          .isEqualTo(passes);
    }
  }
}
