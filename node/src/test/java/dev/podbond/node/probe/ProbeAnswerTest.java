package dev.podbond.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Who tells of its own address in a frame, whatever the frame is.
final class ProbeAnswerTest {
  private static final InetAddress V4 = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress V6 = InetAddress.ofLiteral("2001:db8::1");

  private static Optional<ProbeAnswer> changed(InetAddress host, int place, int octet) {
    byte[] frame = Answers.of(host);
    frame[place] = (byte) octet;
    return ProbeAnswer.from(frame);
  }

  @Test
  void theSenderOfAReplyAndTheTargetOfAnAdvertisement() {
    assertThat(ProbeAnswer.from(Answers.of(V4))).contains(new ProbeAnswer(V4, Answers.HOST));
    assertThat(ProbeAnswer.from(Answers.of(V6))).contains(new ProbeAnswer(V6, Answers.HOST));
    assertThat(ProbeAnswer.from(Arrays.copyOf(Answers.of(V6), ProbeAnswer.MOST_OCTETS)))
        .contains(new ProbeAnswer(V6, Answers.HOST));
  }

  /// The reply of a router that stands in for another names the MAC of the address they share.
  @Test
  void anArpReplyNamesTheMacAndAnAdvertisementComesFromIt() {
    MacAddress shared = MacAddress.parse("00:00:5e:00:01:07").orElseThrow();
    byte[] reply = Answers.of(V4);
    System.arraycopy(shared.octets(), 0, reply, 22, 6);
    assertThat(ProbeAnswer.from(reply)).contains(new ProbeAnswer(V4, shared));
    byte[] advertisement = Answers.of(V6);
    System.arraycopy(shared.octets(), 0, advertisement, 6, 6);
    assertThat(ProbeAnswer.from(advertisement)).contains(new ProbeAnswer(V6, shared));
  }

  /// As an embedded IPv4 address, which Java likes to take for one.
  @Test
  void anIpv6AddressIsNeverTakenForAnIpv4One() {
    byte[] frame = Answers.of(V6);
    byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffffc0000201");
    System.arraycopy(mapped, 0, frame, 62, mapped.length);
    assertThat(ProbeAnswer.from(frame).map(ProbeAnswer::host))
        .isPresent()
        .isNotEqualTo(Optional.of(V4));
  }

  @Test
  void whatIsNoAnswerSaysNothing() {
    assertThat(changed(V4, 21, 1)).as("a request").isEmpty();
    assertThat(changed(V4, 15, 6)).as("another hardware").isEmpty();
    assertThat(changed(V4, 17, 1)).as("another protocol").isEmpty();
    assertThat(changed(V4, 18, 8)).as("a longer MAC").isEmpty();
    assertThat(changed(V4, 13, 0)).as("IPv4").isEmpty();
    assertThat(changed(V6, 54, 135)).as("a solicitation").isEmpty();
    assertThat(changed(V6, 55, 1)).as("another code").isEmpty();
    assertThat(changed(V6, 21, 254)).as("forwarded, so not from this wire").isEmpty();
    assertThat(changed(V6, 20, 17)).as("UDP").isEmpty();
    assertThat(changed(V6, 14, 0x45)).as("IPv4 within").isEmpty();
  }

  @Test
  void whatIsCutOffSaysNothing() {
    for (InetAddress host : new InetAddress[] {V4, V6}) {
      byte[] whole = Answers.of(host);
      int needed = host.equals(V4) ? 42 : 78;
      for (int length = 0; length <= whole.length; length++) {
        assertThat(ProbeAnswer.from(Arrays.copyOf(whole, length)).isPresent())
            .as("%s, %d octets", host, length)
            .isEqualTo(length >= needed);
      }
    }
  }

  @Test
  void anyOctetsAreAnAnswerOrNone() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] frame = Answers.nearly(random, V4, V6);
      Optional<ProbeAnswer> read = ProbeAnswer.from(frame);
      assertThat(ProbeAnswer.from(frame.clone()))
          .as("seed %d, round %d: %s", seed, i, HexFormat.of().formatHex(frame))
          .isEqualTo(read);
      read.ifPresent(answer ->
          assertThat(HexFormat.of().formatHex(frame))
              .contains(HexFormat.of().formatHex(answer.host().getAddress()))
              .contains(HexFormat.of().formatHex(answer.mac().octets())));
    }
  }
}
