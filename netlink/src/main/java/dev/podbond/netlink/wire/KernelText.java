package dev.podbond.netlink.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/// The kernel's texts are bytes: the kernel accepts `ff fe` as a link's name just as it accepts
/// `eth0` (`dev_valid_name`). We read them as UTF-8. Each byte that is not UTF-8 becomes a low
/// surrogate, `dc80` to `dcff`, which valid UTF-8 cannot produce. So different names stay
/// different, and each name goes back to the kernel as it came.
public final class KernelText {
  private static final char STRAY = 0xdc00;

  private KernelText() {}

  /// The text of the first `length` bytes.
  public static String decode(byte[] bytes, int length) {
    return isAscii(bytes, length)
        ? new String(bytes, 0, length, StandardCharsets.US_ASCII)
        : decodeOthers(bytes, length);
  }

  private static boolean isAscii(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private static String decodeOthers(byte[] bytes, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    CharBuffer out = CharBuffer.allocate(length);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (STRAY | (in.get() & 0xff)));
      }
      result = decoder.reset().decode(in, out, true);
    }
    return out.flip().toString();
  }

  /// The bytes of a text, without a NUL at the end.
  public static byte[] encode(String text) {
    if (!hasStrayBytes(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isStray(c)) {
        bytes.write(c & 0xff);
      } else {
        int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
        bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      }
    }
    return bytes.toByteArray();
  }

  /// Whether a text stands for bytes that are not UTF-8.
  public static boolean hasStrayBytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isStray(text.charAt(i)) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isStray(char c) {
    return c >= (STRAY | 0x80) && c <= (STRAY | 0xff);
  }
}
