package dev.podbond.netlink.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.Property;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeighbourMessagesTest {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.9.0.2");

  private static NetlinkMessage message(PayloadWriter writer) {
    return new NetlinkMessage(Neighbour.RTM_NEWNEIGH, 0, 1, 2, writer.toPayload());
  }

  private static InetAddress random(Random random) throws Exception {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    return bytes.length == 4
        ? InetAddress.getByAddress(bytes)
        : Inet6Address.getByAddress(null, bytes, -1);
  }

  @Test
  void aNeighbourIsReadAsItWasWritten() {
    Property.holds(random -> {
      byte[] mac = new byte[6];
      random.nextBytes(mac);
      Neighbour neighbour =
          new Neighbour(
              random.nextInt(1, 1000),
              random(random),
              random.nextBoolean() ? Optional.of(HardwareAddress.of(mac)) : Optional.empty(),
              new Neighbour.State(random.nextInt(0x10000)),
              random.nextInt(256));
      assertThat(Neighbour.parse(message(neighbour.writer()))).isEqualTo(neighbour);
    });
  }

  /// 20 bytes are those of InfiniBand, and none those of an interface without addresses.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 20, 32, 33})
  void aNeighboursHardwareAddressHasUpTo32Bytes(int length) throws Exception {
    byte[] mac = new byte[length];
    NetlinkMessage message =
        message(
            new PayloadWriter()
                .putBytes(new byte[Neighbour.HEADER_LENGTH])
                .attributeBytes(1, ADDRESS.getAddress())
                .attributeBytes(2, mac));
    if (length > HardwareAddress.MAX_LENGTH) {
      assertThatThrownBy(() -> Neighbour.parse(message))
          .isInstanceOf(MalformedMessage.class)
          .hasMessage("a hardware address of 33 bytes");
    } else {
      assertThat(Neighbour.parse(message).hardwareAddress())
          .isEqualTo(length == 0 ? Optional.empty() : Optional.of(HardwareAddress.of(mac)));
    }
  }

  @Test
  void aNeighbourInBytes() throws Exception {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
    Neighbour neighbour =
        Neighbour.permanent(3, ADDRESS, HardwareAddress.parse("02:00:00:00:00:02"));
    assertThat(HexFormat.of().formatHex(neighbour.writer().toBytes()))
        .isEqualTo(
            // struct ndmsg: AF_INET, link, NUD_PERMANENT
            "02000000"
                + "03000000"
                + "80000000"
                // NDA_DST (1), NDA_LLADDR (2)
                + "08000100"
                + "0a090002"
                + "0a000200"
                + "0200000000020000");
  }
}
