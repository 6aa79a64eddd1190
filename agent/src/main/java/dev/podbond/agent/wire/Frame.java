package dev.podbond.agent.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A frame: its kind and its fields. Fields with unknown tags are kept but never read.
///
/// @param kind the number of its kind
public record Frame(int kind, List<Field> fields) {
  /// The most bytes that kind and fields of a frame may have together.
  public static final int MAX_BYTES = 17 * 1024 * 1024;

  private static final int FIELD_HEADER_BYTES = 5;

  public Frame {
    fields = List.copyOf(fields);
  }

  /// One field.
  @SuppressWarnings("ArrayRecordComponent") // never compared, and read only here
  public record Field(int tag, byte[] content) {}

  /// A frame without fields.
  public static Frame of(FrameKind kind) {
    return new Frame(kind.number(), List.of());
  }

  /// This frame with one more field.
  public Frame with(Tag tag, byte[] content) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(tag.number(), content));
    return new Frame(kind, more);
  }

  public Frame with(Tag tag, String text) {
    return with(tag, text.getBytes(StandardCharsets.UTF_8));
  }

  /// This frame with one more field of one octet.
  public Frame withU8(Tag tag, int value) {
    return with(tag, new byte[] {(byte) value});
  }

  /// This frame with one more field of four octets.
  public Frame withU32(Tag tag, int value) {
    return with(tag, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /// Its kind, if this version of the protocol knows it.
  public Optional<FrameKind> knownKind() {
    return FrameKind.of(kind);
  }

  /// Whether a receiver that does not know its kind may skip it.
  public boolean isOptional() {
    return kind >= FrameKind.FIRST_OPTIONAL;
  }

  /// The first field of this tag.
  public Optional<byte[]> bytes(Tag tag) {
    return fields.stream()
        .filter(field -> field.tag() == tag.number())
        .map(Field::content)
        .findFirst();
  }

  public Optional<String> text(Tag tag) {
    return bytes(tag).map(Frame::text);
  }

  /// All fields of this tag.
  public List<String> texts(Tag tag) {
    return fields.stream()
        .filter(field -> field.tag() == tag.number())
        .map(field -> text(field.content()))
        .toList();
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }

  /// A number of one or four octets.
  ///
  /// @throws MalformedFrameException if it is absent or of another length
  public int number(Tag tag, int octets) throws MalformedFrameException {
    byte[] content =
        bytes(tag).orElseThrow(() -> new MalformedFrameException("field " + tag + " is missing"));
    if (content.length != octets) {
      throw new MalformedFrameException(
          "field " + tag + " has " + content.length + " octets instead of " + octets);
    }
    return octets == 1 ? content[0] & 0xff : ByteBuffer.wrap(content).getInt();
  }

  /// The number of bytes of kind and fields together.
  public int byteCount() {
    int length = 1;
    for (Field field : fields) {
      length += FIELD_HEADER_BYTES + field.content().length;
    }
    return length;
  }

  /// The frame on the wire, its length first.
  public byte[] toBytes() {
    int length = byteCount();
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + length).putInt(length).put((byte) kind);
    for (Field field : fields) {
      bytes.put((byte) field.tag()).putInt(field.content().length).put(field.content());
    }
    return bytes.array();
  }

  /// Reads kind and fields, which follow the length of a frame.
  ///
  /// @throws MalformedFrameException if a field runs over the end
  public static Frame parse(ByteBuffer body) throws MalformedFrameException {
    if (!body.hasRemaining()) {
      throw new MalformedFrameException("it is empty");
    }
    int kind = body.get() & 0xff;
    List<Field> fields = new ArrayList<>();
    while (body.hasRemaining()) {
      if (body.remaining() < FIELD_HEADER_BYTES) {
        throw new MalformedFrameException("a field's header is cut short");
      }
      int tag = body.get() & 0xff;
      int length = body.getInt();
      if (length < 0 || length > body.remaining()) {
        throw new MalformedFrameException(
            "field "
                + tag
                + " of "
                + Integer.toUnsignedString(length)
                + " octets runs over the end");
      }
      byte[] content = new byte[length];
      body.get(content);
      fields.add(new Field(tag, content));
    }
    return new Frame(kind, fields);
  }

  /// Reads a whole frame from a file.
  ///
  /// @throws MalformedFrameException if the bytes are not exactly one frame
  public static Frame parseWhole(byte[] bytes) throws MalformedFrameException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length < Integer.BYTES || buffer.getInt() != bytes.length - Integer.BYTES) {
      throw new MalformedFrameException("its length does not fit its " + bytes.length + " octets");
    }
    return parse(buffer);
  }

  @Override
  public String toString() {
    return knownKind().map(Enum::toString).orElse("kind " + kind)
        + " of "
        + fields.size()
        + " fields";
  }
}
