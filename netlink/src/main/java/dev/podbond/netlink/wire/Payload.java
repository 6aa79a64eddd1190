package dev.podbond.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of a message or of an attribute, read by offset. Every access is checked.
public final class Payload {
  private final ByteBuffer bytes;

  Payload(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.nativeOrder());
  }

  /// A payload of these bytes, which are copied.
  public static Payload of(byte[] bytes) {
    return new Payload(ByteBuffer.wrap(bytes.clone()));
  }

  /// The number of bytes.
  public int length() {
    return bytes.limit();
  }

  /// The unsigned byte at `offset`.
  public int u8(int offset) throws MalformedMessage {
    require(offset, Byte.BYTES);
    return Byte.toUnsignedInt(bytes.get(offset));
  }

  /// The unsigned 16-bit number at `offset`.
  public int u16(int offset) throws MalformedMessage {
    require(offset, Short.BYTES);
    return Short.toUnsignedInt(bytes.getShort(offset));
  }

  /// The unsigned 16-bit number in network byte order at `offset`.
  public int be16(int offset) throws MalformedMessage {
    return (u8(offset) << 8) | u8(offset + 1);
  }

  /// The signed 32-bit number at `offset`.
  public int s32(int offset) throws MalformedMessage {
    require(offset, Integer.BYTES);
    return bytes.getInt(offset);
  }

  /// The unsigned 32-bit number at `offset`.
  public long u32(int offset) throws MalformedMessage {
    return Integer.toUnsignedLong(s32(offset));
  }

  /// The 64-bit number at `offset`, of which the kernel uses all bits.
  public long u64(int offset) throws MalformedMessage {
    require(offset, Long.BYTES);
    return bytes.getLong(offset);
  }

  /// A copy of `length` bytes from `offset`.
  public byte[] bytes(int offset, int length) throws MalformedMessage {
    require(offset, length);
    byte[] copy = new byte[length];
    bytes.get(offset, copy);
    return copy;
  }

  /// The part of `length` bytes from `offset`, not copied.
  public Payload slice(int offset, int length) throws MalformedMessage {
    require(offset, length);
    return new Payload(bytes.slice(offset, length));
  }

  /// The attributes from `offset`, rounded up to a multiple of four, to the end.
  public Attributes attributes(int offset) throws MalformedMessage {
    require(offset, 0);
    int start = Math.min(Align.up(offset), length());
    return Attributes.parse(bytes.slice(start, length() - start));
  }

  /// A copy of all bytes.
  public byte[] toBytes() {
    byte[] copy = new byte[bytes.limit()];
    bytes.get(0, copy);
    return copy;
  }

  private void require(int offset, int length) throws MalformedMessage {
    if (offset < 0 || length < 0 || offset > bytes.limit() - length) {
      throw new MalformedMessage(
          "%d bytes wanted at offset %d of %d".formatted(length, offset, bytes.limit()));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public String toString() {
    return length() + " bytes";
  }
}
