package dev.podbond.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Changes inputs in ways that often surprise parsers. The same seed gives the same changes.
final class Mutator {
  private static final int MOST_CHANGES = 4;
  private static final int LONGEST_REPEAT = 300;

  /// Tokens that begin, end or escape something in one of the formats, and limits of numbers.
  private static final List<byte[]> TOKENS =
      List.of(
          bytes(0x00),
          bytes(0xff),
          bytes(0x7f),
          bytes(0x80),
          bytes(0xc3, 0x28),
          bytes(0xed, 0xa0, 0x80),
          text("\""),
          text("\\"),
          text("\\ud800"),
          text("\\u0000"),
          text("{"),
          text("}"),
          text("["),
          text("]"),
          text(","),
          text(":"),
          text("\n"),
          text(" "),
          text("\t"),
          text("null"),
          text("-1"),
          text("0"),
          text("1e999999999"),
          text("4294967296"),
          text("9223372036854775808"),
          text("../"),
          text("/"),
          text("%"),
          text("="),
          text(";"),
          text("&a"),
          text("*a"),
          text("!!"));

  private final Random random;
  private final List<byte[]> inputs;

  /// @param inputs the known inputs, at least one
  Mutator(long seed, List<byte[]> inputs) {
    this.random = new Random(seed);
    this.inputs = inputs;
  }

  /// The next mutated input.
  byte[] next() {
    byte[] input = any();
    for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
      input = changed(input);
    }
    return input;
  }

  private byte[] changed(byte[] input) {
    int from = random.nextInt(input.length + 1);
    int to = from + random.nextInt(Math.min(input.length - from, 1 << random.nextInt(8)) + 1);
    byte[] part = slice(input, from, to);
    return switch (random.nextInt(7)) {
      case 0 -> join(input, from, flipped(part), to);
      case 1 -> join(input, from, token(), from);
      case 2 -> join(input, from, token(), to);
      case 3 -> join(input, from, new byte[0], to);
      case 4 -> join(input, from, repeated(part), to);
      case 5 -> join(input, from, piece(any()), to);
      default -> slice(input, 0, to);
    };
  }

  private byte[] any() {
    return inputs.get(random.nextInt(inputs.size()));
  }

  private byte[] token() {
    return TOKENS.get(random.nextInt(TOKENS.size()));
  }

  private byte[] piece(byte[] input) {
    int from = random.nextInt(input.length + 1);
    return slice(input, from, from + random.nextInt(input.length - from + 1));
  }

  private byte[] flipped(byte[] part) {
    byte[] flipped = part.clone();
    if (part.length > 0) {
      flipped[random.nextInt(part.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private byte[] repeated(byte[] part) {
    ByteArrayOutputStream repeated = new ByteArrayOutputStream();
    for (int times = 1 + random.nextInt(LONGEST_REPEAT / (part.length + 1) + 1);
        times >= 0;
        times--) {
      repeated.writeBytes(part);
    }
    return repeated.toByteArray();
  }

  /// `input` with `middle` in place of its bytes between `from` and `to`.
  private static byte[] join(byte[] input, int from, byte[] middle, int to) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(input, 0, from);
    joined.writeBytes(middle);
    joined.write(input, to, input.length - to);
    return joined.toByteArray();
  }

  private static byte[] slice(byte[] input, int from, int to) {
    return Arrays.copyOfRange(input, from, to);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
