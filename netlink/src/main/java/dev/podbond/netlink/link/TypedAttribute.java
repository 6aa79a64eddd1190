package dev.podbond.netlink.link;

/// An attribute whose number and type the kernel's headers define.
public sealed interface TypedAttribute permits BondAttribute, BondMemberAttribute {
  /// The number on the wire.
  int number();

  /// The wire format of its value.
  AttributeType type();

  /// The name in the kernel's headers without its prefix, such as `MIIMON`.
  String name();
}
