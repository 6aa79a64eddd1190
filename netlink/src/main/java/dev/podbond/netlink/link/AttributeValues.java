package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.link.AttributeValue.Addresses;
import dev.podbond.netlink.link.AttributeValue.Mac;
import dev.podbond.netlink.link.AttributeValue.Numeric;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Attributes of a bond or of a member with their values. Immutable, ordered by attribute number.
///
/// Attributes are plain values, so another module can fill this from its own table of options. It
/// refuses every value that the type of its attribute cannot carry.
///
/// ```java
/// AttributeValues.<BondAttribute>none()
///     .with(BondAttribute.MODE, 1)
///     .with(BondAttribute.MIIMON, 100)
/// ```
///
/// @param <A> the attributes of a bond, or those of a member
public final class AttributeValues<A extends Enum<A> & TypedAttribute> {
  private final SortedMap<A, AttributeValue> values;

  private AttributeValues(SortedMap<A, AttributeValue> values) {
    this.values = Collections.unmodifiableSortedMap(values);
  }

  /// The empty set of attributes.
  public static <A extends Enum<A> & TypedAttribute> AttributeValues<A> none() {
    return new AttributeValues<A>(new TreeMap<>());
  }

  /// These attributes.
  ///
  /// @throws IllegalArgumentException if a value does not fit its attribute
  public static <A extends Enum<A> & TypedAttribute> AttributeValues<A> copyOf(
      Map<A, AttributeValue> values) {
    values.forEach(AttributeValues::check);
    return new AttributeValues<>(new TreeMap<A, AttributeValue>(values));
  }

  /// These attributes, with one attribute added or its value replaced.
  ///
  /// @throws IllegalArgumentException if the attribute is not a number or the value does not fit it
  public AttributeValues<A> with(A attribute, long value) {
    return with(attribute, new Numeric(value));
  }

  /// The same for a value of any kind.
  public AttributeValues<A> with(A attribute, AttributeValue value) {
    check(attribute, value);
    SortedMap<A, AttributeValue> more = new TreeMap<>(values);
    more.put(attribute, value);
    return new AttributeValues<>(more);
  }

  /// The value of an attribute, if present.
  public Optional<AttributeValue> get(A attribute) {
    return Optional.ofNullable(values.get(attribute));
  }

  /// The value of a numeric attribute, if present.
  public OptionalLong number(A attribute) {
    return values.get(attribute) instanceof Numeric(long value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  /// The value of an attribute that holds a hardware address, if present.
  public Optional<HardwareAddress> mac(A attribute) {
    return values.get(attribute) instanceof Mac(HardwareAddress address)
        ? Optional.of(address)
        : Optional.empty();
  }

  /// All attributes and their values, unmodifiable.
  public Map<A, AttributeValue> asMap() {
    return values;
  }

  private static void check(TypedAttribute attribute, AttributeValue value) {
    boolean fits =
        switch (attribute.type()) {
          case U8, U16, U32, S32, IFINDEX ->
              value instanceof Numeric(long number)
                  && number >= attribute.type().min()
                  && number <= attribute.type().max();
          case MAC -> value instanceof Mac;
          case IPV4_LIST -> isListOf(Inet4Address.class, value);
          case IPV6_LIST -> isListOf(Inet6Address.class, value);
          case AGGREGATOR -> value instanceof AttributeValue.Aggregator;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "%s is of type %s and cannot be %s".formatted(attribute.name(), attribute.type(), value));
    }
  }

  private static boolean isListOf(Class<? extends InetAddress> family, AttributeValue value) {
    return value instanceof Addresses(List<InetAddress> list)
        && list.stream().allMatch(family::isInstance);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttributeValues<?> that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /// Such as `{MODE=1, MIIMON=100}`.
  @Override
  public String toString() {
    return values.toString();
  }
}
