package dev.podbond.agent.wire.wrong;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Function;

/// Breaks the rule on stdin.
public final class Decoder {
  private Decoder() {}

  static String decodes(byte[] stdin) {
    return new String(stdin, UTF_8);
  }

  static String decodesItsBeginning(byte[] stdin) {
    return new String(stdin, 0, 10, UTF_8);
  }

  static byte[] encodes(String stdin) {
    return stdin.getBytes(UTF_8);
  }

  static Function<byte[], String> hasItDecoded() {
    return String::new;
  }
}
