package dev.podbond.netlink.rtnl;

import dev.podbond.netlink.Property;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.ip.Route;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.wire.Acknowledgement;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever the bytes are, decoding gives a value or throws [MalformedMessage].
class HostileBytesTest {
  @FunctionalInterface
  interface Decoder {
    Object decode(NetlinkMessage message) throws MalformedMessage;
  }

  /// Every decoder of the module, with a valid message of its kind (see Samples) to damage.
  enum Kind {
    DATAGRAM(Samples.LINK, m -> NetlinkMessage.parseAll(ByteBuffer.wrap(m.payload().toBytes()))),
    ATTRIBUTES(Samples.LINK, m -> walk(m.payload().attributes(16), 0)),
    LINK(Samples.LINK, Link::parse),
    BOND(Samples.BOND, Link::parse),
    MEMBER(Samples.MEMBER, Link::parse),
    PF(Samples.PF, Link::parse),
    ADDRESS(Samples.ADDRESS, IpAddress::parse),
    ROUTE(Samples.ROUTE, Route::parse),
    MULTIPATH(Samples.MULTIPATH, Route::parse),
    ACKNOWLEDGEMENT(Samples.ACK, Acknowledgement::parse);

    private final String sample;
    private final Decoder decoder;

    Kind(String sample, Decoder decoder) {
      this.sample = sample;
      this.decoder = decoder;
    }

    byte[] bytes() {
      return HexFormat.of().parseHex(sample.replaceAll("\\s", ""));
    }

    private static int walk(Attributes attributes, int depth) throws MalformedMessage {
      int count = 0;
      for (Attribute attribute : attributes) {
        count++;
        count += attribute.string().length();
        if (depth < 2) {
          try {
            count += walk(attribute.nested(), depth + 1);
          } catch (MalformedMessage e) {
            // Not every attribute holds a list.
            count++;
          }
        }
      }
      return count;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSampleItselfIsSound(Kind kind) throws MalformedMessage {
    if (kind != Kind.DATAGRAM) {
      kind.decoder.decode(message(kind, kind.bytes(), 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void damagedMessagesAreAValueOrMalformed(Kind kind) {
    Property.holds(random -> {
      for (int i = 0; i < 5; i++) {
        attempt(kind, message(kind, damage(kind.bytes(), random), random.nextInt(0x1000)));
      }
    });
  }

  @ParameterizedTest
  @EnumSource
  void everyTruncationIsAValueOrMalformed(Kind kind) {
    byte[] bytes = kind.bytes();
    for (int length = 0; length < bytes.length; length++) {
      attempt(kind, message(kind, Arrays.copyOf(bytes, length), 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyByteMayBeAnything(Kind kind) {
    byte[] bytes = kind.bytes();
    for (int offset = 0; offset < bytes.length; offset++) {
      byte before = bytes[offset];
      for (int value : new int[] {0, 1, 3, 4, 0x7f, 0xff}) {
        bytes[offset] = (byte) value;
        attempt(kind, message(kind, bytes, NetlinkFlags.ACK_TLVS));
      }
      bytes[offset] = before;
    }
  }

  @ParameterizedTest
  @EnumSource
  void noiseIsAValueOrMalformed(Kind kind) {
    Property.holds(random -> {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      attempt(kind, message(kind, noise, random.nextInt(0x10000)));
    });
  }

  private static void attempt(Kind kind, NetlinkMessage message) {
    try {
      kind.decoder.decode(message);
    } catch (MalformedMessage e) {
      // The only allowed failure.
      List.of(e.getMessage());
    }
  }

  private static NetlinkMessage message(Kind kind, byte[] payload, int flags) {
    int type = kind == Kind.ACKNOWLEDGEMENT ? NetlinkFlags.ERROR : 16;
    return new NetlinkMessage(type, flags, 1, 2, Payload.of(payload));
  }

  /// Lengths and types are at multiples of two: damages those more often than values.
  private static byte[] damage(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int offset = random.nextInt(damaged.length) & (random.nextBoolean() ? ~1 : ~0);
      damaged[offset] =
          (byte)
              switch (random.nextInt(4)) {
                case 0 -> random.nextInt(256);
                case 1 -> damaged[offset] + 1;
                case 2 -> damaged[offset] - 1;
                default -> random.nextInt(8);
              };
    }
    return random.nextInt(4) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length + 1))
        : damaged;
  }
}
