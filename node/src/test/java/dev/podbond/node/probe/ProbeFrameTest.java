package dev.podbond.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.value.MacAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Questions as they go over the wire.
final class ProbeFrameTest {
  private static final MacAddress MAC = MacAddress.parse("02:11:22:33:44:55").orElseThrow();
  private static final InetAddress V4 = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress V6 = InetAddress.ofLiteral("2001:db8::12:3456");
  private static final OptionalInt NONE = OptionalInt.empty();

  private static String hex(byte[] frame) {
    return HexFormat.of().formatHex(frame);
  }

  @Test
  void anArpProbeHasNoSenderButAMac() {
    assertThat(hex(ProbeFrame.of(MAC, NONE, V4)))
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
                + "00000000"
                + "000000000000"
                + "c0000201");
  }

  @Test
  void aSolicitationComesFromTheLinkLocalAddressOfTheMac() {
    assertThat(hex(ProbeFrame.of(MAC, NONE, V6)))
        .isEqualTo(
            "3333ff123456"
                + "021122334455"
                + "86dd"
                + "60000000"
                + "0020"
                + "3a"
                + "ff"
                + "fe80000000000000001122fffe334455"
                + "ff0200000000000000000001ff123456"
                + "8700"
                + "1662"
                + "00000000"
                + "20010db8000000000000000000123456"
                + "0101"
                + "021122334455");
  }

  @Test
  void aQuestionToOneHostDiffersInWhoGetsIt() {
    MacAddress host = Answers.HOST;
    String arp = hex(ProbeFrame.of(MAC, NONE, V4));
    assertThat(hex(ProbeFrame.of(MAC, NONE, V4, host)))
        .isEqualTo("02aabbccddee" + arp.substring(12));
    assertThat(hex(ProbeFrame.of(MAC, NONE, V6, host)))
        .isEqualTo(
            "02aabbccddee"
                + "021122334455"
                + "86dd"
                + "60000000"
                + "0020"
                + "3a"
                + "ff"
                + "fe80000000000000001122fffe334455"
                + "20010db8000000000000000000123456"
                + "8700"
                + "e6ad"
                + "00000000"
                + "20010db8000000000000000000123456"
                + "0101"
                + "021122334455");
  }

  @Test
  void aTagIsBehindTheMacs() {
    OptionalInt vlan = OptionalInt.of(0xabc);
    for (InetAddress target : new InetAddress[] {V4, V6}) {
      String plain = hex(ProbeFrame.of(MAC, NONE, target));
      assertThat(hex(ProbeFrame.of(MAC, vlan, target)))
          .isEqualTo(plain.substring(0, 24) + "81000abc" + plain.substring(24));
      String alone = hex(ProbeFrame.of(MAC, NONE, target, Answers.HOST));
      assertThat(hex(ProbeFrame.of(MAC, vlan, target, Answers.HOST)))
          .isEqualTo(alone.substring(0, 24) + "81000abc" + alone.substring(24));
    }
  }

  @Test
  void theChecksumOfEverySolicitationVerifies() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      byte[] address = new byte[16];
      random.nextBytes(address);
      MacAddress mac = new MacAddress(random.nextLong() & 0xfeff_ffff_ffffL);
      Inet6Address target = ProbeFrame.ipv6(address);
      byte[] frame = ProbeFrame.of(mac, NONE, target);
      assertThat(sum(frame)).as("seed %d, round %d: %s", seed, i, hex(frame)).isZero();
      assertThat(ProbeAnswer.from(frame)).as("a question is no answer").isEmpty();
      assertThat(sum(ProbeFrame.of(mac, NONE, target, Answers.HOST))).as("to one host").isZero();
    }
  }

  /// RFC 1071, straight over the frame: the sum of pseudo-header and message, checksum included, is
  /// 0xffff.
  private static long sum(byte[] frame) {
    long sum = 32 + 58;
    for (int i = 22; i < frame.length; i += 2) {
      sum += (frame[i] & 0xff) << 8 | frame[i + 1] & 0xff;
    }
    return sum % 0xffff;
  }
}
