package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpTextTest {
  private static final int RUNS = Integer.getInteger("property.runs", 1_000);

  @ParameterizedTest
  @CsvSource({
    "10.56.217.5, 10.56.217.5",
    "0.0.0.0, 0.0.0.0",
    "::, ::",
    "::1, ::1",
    "FD00:0:0:0:0:0:0:1, fd00::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
    "0:0:1:0:0:1:0:0, ::1:0:0:1:0:0",
    "0:1:0:1:0:1:0:1, 0:1:0:1:0:1:0:1",
  })
  void addressesAreWrittenInTheirRecommendedForm(String text, String expected) {
    assertThat(IpText.parse(text).map(IpText::format)).contains(expected);
  }

  @Test
  void anAddressReadsBackAndTwoZerosMakeAGap() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      byte[] octets = new byte[16];
      for (int i = 0; i < octets.length; i++) {
        octets[i] = (byte) Math.max(0, random.nextInt(-256, 256));
      }
      InetAddress address = InetAddress.getByAddress(octets);
      String text = IpText.format(address);
      if (address instanceof Inet6Address) {
        assertThat(IpText.parse(text)).as("seed %d", seed).contains(address);
        assertThat(text.contains("::") || !text.matches("(.*:)?0:0(:.*)?"))
            .as("seed %d: %s", seed, text)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "10", "10.1", "10.0.0", "10.0.0.256", "10.0.0.1.", "010.0.0.1", "0x7f.0.0.1",
            "localhost",
        "10.0.0.1 ", ":", ":::", "1::2::3", "fd00::1%1", "[::1]", "12345::", "1:2:3:4:5:6:7",
            "::10.0.0.256"
      })
  void textThatIsNoAddressIsRefusedWithoutAskingAnyone(String text) {
    assertThat(IpText.parse(text)).isEmpty();
  }
}
