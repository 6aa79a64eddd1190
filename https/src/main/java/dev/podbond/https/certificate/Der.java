package dev.podbond.https.certificate;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// The few DER encodings (X.690) that a certificate needs.
final class Der {
  static final byte[] TRUE = {1, 1, (byte) 0xff};

  private static final DateTimeFormatter LONG_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SHORT_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /// From here on a year of two digits is ambiguous (RFC 5280 section 4.1.2.5).
  private static final Instant LONG_YEARS = Instant.parse("2050-01-01T00:00:00Z");

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(0x30, join(parts));
  }

  static byte[] set(byte[]... parts) {
    return tagged(0x31, join(parts));
  }

  static byte[] integer(BigInteger value) {
    return tagged(2, value.toByteArray());
  }

  static byte[] octets(byte[] content) {
    return tagged(4, content);
  }

  /// @param unused how many bits of the last byte are padding
  static byte[] bits(int unused, byte[] content) {
    return tagged(3, join(new byte[] {(byte) unused}, content));
  }

  static byte[] utf8(String text) {
    return tagged(12, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] time(Instant when) {
    return when.isBefore(LONG_YEARS)
        ? tagged(23, SHORT_TIME.format(when).getBytes(StandardCharsets.US_ASCII))
        : tagged(24, LONG_TIME.format(when).getBytes(StandardCharsets.US_ASCII));
  }

  /// An object identifier whose first number is at most 2 and whose second is below 40.
  static byte[] oid(int... numbers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(numbers[0] * 40 + numbers[1]);
    for (int i = 2; i < numbers.length; i++) {
      int shift = 28;
      while (shift > 0 && (numbers[i] >> shift) == 0) {
        shift -= 7;
      }
      for (; shift > 0; shift -= 7) {
        out.write(0x80 | ((numbers[i] >> shift) & 0x7f));
      }
      out.write(numbers[i] & 0x7f);
    }
    return tagged(6, out.toByteArray());
  }

  static byte[] tagged(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int start = length[0] == 0 ? 1 : 0;
      out.write(0x80 | (length.length - start));
      out.write(length, start, length.length - start);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  static byte[] join(byte[]... parts) {
    return join(List.of(parts));
  }

  static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
