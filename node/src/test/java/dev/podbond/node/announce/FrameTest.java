package dev.podbond.node.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.value.MacAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final MacAddress MAC = MacAddress.parse("02:11:22:33:44:55").orElseThrow();
  private static final Inet4Address V4 = (Inet4Address) InetAddress.ofLiteral("10.56.217.3");
  private static final Inet6Address V6 = (Inet6Address) InetAddress.ofLiteral("2001:db8::5");

  @Test
  void theRequestIsABroadcastForOnesOwnAddress() {
    assertThat(hex(GratuitousArp.request(MAC, V4)))
        .isEqualTo(
            "ffffffffffff"
                + "021122334455"
                + "0806"
                + "0001"
                + "0800"
                + "06"
                + "04"
                + "0001"
                + "021122334455"
                + "0a38d903"
                + "000000000000"
                + "0a38d903");
  }

  @Test
  void theReplyNamesItselfAsTarget() {
    assertThat(hex(GratuitousArp.reply(MAC, V4)))
        .isEqualTo(
            "ffffffffffff"
                + "021122334455"
                + "0806"
                + "0001"
                + "0800"
                + "06"
                + "04"
                + "0002"
                + "021122334455"
                + "0a38d903"
                + "021122334455"
                + "0a38d903");
  }

  @Test
  void theAdvertisementGoesToAllNodesWithTheOverrideFlag() {
    assertThat(hex(UnsolicitedNa.frame(MAC, V6)))
        .isEqualTo(
            "333300000001"
                + "021122334455"
                + "86dd"
                + "60000000"
                + "0020"
                + "3a"
                + "ff"
                + "20010db8000000000000000000000005"
                + "ff020000000000000000000000000001"
                + "8800"
                + "928a"
                + "20000000"
                + "20010db8000000000000000000000005"
                + "0201"
                + "021122334455");
  }

  @Test
  void theChecksumOfEveryAdvertisementVerifies() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      byte[] address = new byte[16];
      random.nextBytes(address);
      address[0] = 0x20;
      MacAddress mac = new MacAddress(random.nextLong() & 0xfeff_ffff_ffffL);
      byte[] frame = UnsolicitedNa.frame(mac, inet6(address));
      assertThat(verify(frame)).as("seed %d, round %d: %s", seed, i, hex(frame)).isZero();
    }
  }

  /// RFC 1071, straight over the frame: the sum of pseudo-header and message, checksum included, is
  /// 0xffff.
  private static int verify(byte[] frame) {
    long sum = 32 + 58;
    for (int i = 22; i < frame.length; i += 2) {
      sum += (frame[i] & 0xff) << 8 | frame[i + 1] & 0xff;
    }
    sum = sum % 0xffff;
    return (int) sum;
  }

  private static Inet6Address inet6(byte[] address) {
    try {
      return (Inet6Address) InetAddress.getByAddress(address);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static String hex(byte[] frame) {
    return HexFormat.of().formatHex(frame);
  }
}
