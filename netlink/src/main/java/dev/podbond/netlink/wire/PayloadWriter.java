package dev.podbond.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/// Writes the payload of a message: fixed fields first, attributes after them.
///
/// The methods named `put` write fields of a fixed structure. The methods named `attribute` write a
/// header, a value and padding. A value that does not fit its width is refused with an
/// [IllegalArgumentException], never cut.
public final class PayloadWriter {
  private static final int INITIAL_CAPACITY = 256;
  private static final int MAX_ATTRIBUTE_LENGTH = 0xffff;

  private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_CAPACITY).order(ByteOrder.nativeOrder());

  /// An empty payload.
  public PayloadWriter() {}

  /// Writes one unsigned byte.
  public PayloadWriter putU8(int value) {
    room(Byte.BYTES).put((byte) inRange(value, 0xff));
    return this;
  }

  /// Writes an unsigned 16-bit number.
  public PayloadWriter putU16(int value) {
    room(Short.BYTES).putShort((short) inRange(value, 0xffff));
    return this;
  }

  /// Writes an unsigned 16-bit number in network byte order.
  public PayloadWriter putBe16(int value) {
    inRange(value, 0xffff);
    room(Short.BYTES).put((byte) (value >> 8)).put((byte) value);
    return this;
  }

  /// Writes a signed 32-bit number.
  public PayloadWriter putS32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  /// Writes an unsigned 32-bit number.
  public PayloadWriter putU32(long value) {
    return putS32((int) inRange(value, 0xffff_ffffL));
  }

  /// Writes bytes as they are.
  public PayloadWriter putBytes(byte[] bytes) {
    room(bytes.length).put(bytes);
    return this;
  }

  /// Writes zeros up to the next multiple of four.
  public PayloadWriter pad() {
    int padding = Align.up(buffer.position()) - buffer.position();
    return putBytes(new byte[padding]);
  }

  /// Writes an attribute with the value that `value` writes.
  public PayloadWriter attribute(int type, Consumer<PayloadWriter> value) {
    return attributeWithBits(type, 0, value);
  }

  /// Writes an attribute that holds a list of attributes, marked with `NLA_F_NESTED`.
  public PayloadWriter nested(int type, Consumer<PayloadWriter> attributes) {
    return attributeWithBits(type, Attribute.NESTED, attributes);
  }

  /// Writes an attribute that is one unsigned byte.
  public PayloadWriter attributeU8(int type, int value) {
    return attribute(type, w -> w.putU8(value));
  }

  /// Writes an attribute that is an unsigned 16-bit number.
  public PayloadWriter attributeU16(int type, int value) {
    return attribute(type, w -> w.putU16(value));
  }

  /// Writes an attribute that is an unsigned 16-bit number in network byte order.
  public PayloadWriter attributeBe16(int type, int value) {
    return attribute(type, w -> w.putBe16(value));
  }

  /// Writes an attribute that is a signed 32-bit number.
  public PayloadWriter attributeS32(int type, int value) {
    return attribute(type, w -> w.putS32(value));
  }

  /// Writes an attribute that is an unsigned 32-bit number.
  public PayloadWriter attributeU32(int type, long value) {
    return attribute(type, w -> w.putU32(value));
  }

  /// Writes an attribute of bytes as they are.
  public PayloadWriter attributeBytes(int type, byte[] value) {
    return attribute(type, w -> w.putBytes(value));
  }

  /// Writes an attribute of text ([KernelText]) with a NUL at its end.
  public PayloadWriter attributeString(int type, String value) {
    byte[] text = KernelText.encode(value);
    return attribute(type, w -> w.putBytes(text).putU8(0));
  }

  /// A copy of the bytes written so far.
  public byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /// The bytes written so far, as a payload.
  public Payload toPayload() {
    return Payload.of(toBytes());
  }

  private PayloadWriter attributeWithBits(int type, int bits, Consumer<PayloadWriter> value) {
    inRange(type, Attribute.TYPE_MASK);
    pad();
    int start = buffer.position();
    putU16(0).putU16(type | bits);
    value.accept(this);
    int length = buffer.position() - start;
    if (length > MAX_ATTRIBUTE_LENGTH) {
      throw new IllegalArgumentException(
          "attribute %d would have %d bytes, at most %d are possible"
              .formatted(type, length, MAX_ATTRIBUTE_LENGTH));
    }
    buffer.putShort(start, (short) length);
    return pad();
  }

  private ByteBuffer room(int length) {
    if (buffer.remaining() < length) {
      int capacity = Math.max(buffer.capacity() * 2, buffer.position() + length);
      buffer = ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder()).put(buffer.flip());
    }
    return buffer;
  }

  private static int inRange(int value, int max) {
    return (int) inRange((long) value, max);
  }

  private static long inRange(long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException("%d is not in 0..%d".formatted(value, max));
    }
    return value;
  }
}
