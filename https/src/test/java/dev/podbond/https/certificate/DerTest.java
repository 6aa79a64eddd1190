package dev.podbond.https.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bytes beside the examples of X.690 and RFC 5280.
final class DerTest {
  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /// Below 128 the length is one byte; from there on it says how many bytes follow.
  @ParameterizedTest
  @CsvSource({"0, 0400", "127, 047f", "128, 048180", "255, 0481ff", "256, 04820100"})
  void aLengthTakesAsFewBytesAsItCan(int length, String beginning) {
    byte[] encoded = Der.octets(new byte[length]);

    assertThat(hex(encoded)).startsWith(beginning);
    assertThat(encoded).hasSize(beginning.length() / 2 + length);
  }

  @ParameterizedTest
  @CsvSource({"0, 020100", "127, 02017f", "128, 02020080", "256, 02020100", "-1, 0201ff"})
  void anIntegerKeepsItsSign(String value, String encoded) {
    assertThat(hex(Der.integer(new BigInteger(value)))).isEqualTo(encoded);
  }

  /// X.690 section 8.19.5, and RSA Data Security's arc with numbers of two and three bytes.
  @Test
  void anObjectIdentifierIsWrittenInSevenBitsAByte() {
    assertThat(hex(Der.oid(2, 5, 29, 17))).isEqualTo("0603551d11");
    assertThat(hex(Der.oid(1, 2, 840, 113549))).isEqualTo("06062a864886f70d");
    assertThat(hex(Der.oid(1, 3, 0, 128))).isEqualTo("06042b008100");
  }

  /// RFC 5280 section 4.1.2.5: two digits of the year until 2049, four from 2050 on.
  @Test
  void theYearHasFourDigitsFromTheDayOnWhichTwoAreNotEnough() {
    assertThat(text(Der.time(Instant.parse("2049-12-31T23:59:59Z"))).substring(2))
        .isEqualTo("491231235959Z");
    assertThat(text(Der.time(Instant.parse("2050-01-01T00:00:00Z"))).substring(2))
        .isEqualTo("20500101000000Z");
    assertThat(Der.time(Instant.parse("2049-12-31T23:59:59Z"))[0]).isEqualTo((byte) 23);
    assertThat(Der.time(Instant.parse("2050-01-01T00:00:00Z"))[0]).isEqualTo((byte) 24);
  }

  @Test
  void partsAreHeldTogetherInTheirOrder() {
    assertThat(hex(Der.sequence(Der.TRUE, Der.bits(7, new byte[] {(byte) 0x80}), Der.utf8("ü"))))
        .isEqualTo("300b" + "0101ff" + "03020780" + "0c02c3bc");
    assertThat(hex(Der.set())).isEqualTo("3100");
  }
}
