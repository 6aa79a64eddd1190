package dev.podbond.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A list of attributes in the order of the message.
///
/// Nested lists are parsed only on request, so deep nesting costs nothing and cannot exhaust the
/// stack.
public final class Attributes implements Iterable<Attribute> {
  private static final Attributes NONE = new Attributes(List.of());

  private final List<Attribute> list;

  private Attributes(List<Attribute> list) {
    this.list = List.copyOf(list);
  }

  /// The empty list.
  public static Attributes none() {
    return NONE;
  }

  static Attributes parse(ByteBuffer buffer) throws MalformedMessage {
    ByteBuffer bytes = buffer.slice().order(ByteOrder.nativeOrder());
    List<Attribute> list = new ArrayList<>();
    int offset = 0;
    while (offset < bytes.limit()) {
      int left = bytes.limit() - offset;
      if (left < Attribute.HEADER_LENGTH) {
        throw new MalformedMessage(
            "%d bytes left, too few for an attribute header".formatted(left));
      }
      int length = Short.toUnsignedInt(bytes.getShort(offset));
      int type = bytes.getShort(offset + 2) & Attribute.TYPE_MASK;
      if (length < Attribute.HEADER_LENGTH || length > left) {
        throw new MalformedMessage(
            "attribute %d has length %d with %d bytes left".formatted(type, length, left));
      }
      int start = offset + Attribute.HEADER_LENGTH;
      Payload value = new Payload(bytes.slice(start, length - Attribute.HEADER_LENGTH));
      list.add(new Attribute(type, value));
      offset += Math.min(Align.up(length), left);
    }
    return new Attributes(list);
  }

  /// The attribute of this type; if there are several, the last, as in the kernel's parser.
  public Optional<Attribute> find(int type) {
    for (int i = list.size() - 1; i >= 0; i--) {
      if (list.get(i).type() == type) {
        return Optional.of(list.get(i));
      }
    }
    return Optional.empty();
  }

  /// The list inside the attribute of this type; empty without such an attribute.
  public Attributes nested(int type) throws MalformedMessage {
    Optional<Attribute> attribute = find(type);
    return attribute.isPresent() ? attribute.get().nested() : NONE;
  }

  @Override
  public Iterator<Attribute> iterator() {
    return list.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attributes that && list.equals(that.list);
  }

  @Override
  public int hashCode() {
    return list.hashCode();
  }

  @Override
  public String toString() {
    return list.toString();
  }
}
