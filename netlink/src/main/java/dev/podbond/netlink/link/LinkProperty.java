package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.KernelText;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import java.util.List;
import java.util.Optional;

/// Further settings of an interface of any kind, one row each. Values are text: `on` or `off`, a
/// decimal number, a hardware address, or free text.
public enum LinkProperty {
  /// Whether it resolves addresses; the opposite of `IFF_NOARP`.
  ARP(Form.NOT_FLAG, LinkFlags.NOARP),
  MULTICAST(Form.FLAG, LinkFlags.MULTICAST),
  ALLMULTICAST(Form.FLAG, LinkFlags.ALLMULTI),
  PROMISC(Form.FLAG, LinkFlags.PROMISC),
  DYNAMIC(Form.FLAG, LinkFlags.DYNAMIC),
  TRAILERS(Form.NOT_FLAG, LinkFlags.NOTRAILERS),
  DEBUG(Form.FLAG, LinkFlags.DEBUG),
  PORTSEL(Form.FLAG, LinkFlags.PORTSEL),
  AUTOMEDIA(Form.FLAG, LinkFlags.AUTOMEDIA),
  /// In packets.
  TX_QUEUE_LENGTH(Form.U32, Ifla.TXQLEN),
  /// In bytes. Setting a value of at most 64 KiB sets [#GSO_IPV4_MAX_SIZE] too.
  GSO_MAX_SIZE(Form.U32, Ifla.GSO_MAX_SIZE),
  GSO_MAX_SEGS(Form.U32, Ifla.GSO_MAX_SEGS),
  /// In bytes. Setting a value of at most 64 KiB sets [#GRO_IPV4_MAX_SIZE] too.
  GRO_MAX_SIZE(Form.U32, Ifla.GRO_MAX_SIZE),
  GSO_IPV4_MAX_SIZE(Form.U32, Ifla.GSO_IPV4_MAX_SIZE),
  GRO_IPV4_MAX_SIZE(Form.U32, Ifla.GRO_IPV4_MAX_SIZE),
  GROUP(Form.U32, Ifla.GROUP),
  ALIAS(Form.TEXT, Ifla.IFALIAS),
  PROTO_DOWN(Form.U8, Ifla.PROTO_DOWN),
  /// The link-layer broadcast address.
  BROADCAST(Form.ADDRESS, Ifla.BROADCAST),
  /// Whether an XDP program is attached. `off` detaches it; `on` is refused.
  XDP(Form.XDP, Ifla.XDP);

  private static final String ON = "on";
  private static final String OFF = "off";

  /// `XDP_FLAGS_SKB_MODE`, `XDP_FLAGS_DRV_MODE`, `XDP_FLAGS_HW_MODE`: each mode may have a program.
  private static final List<Integer> XDP_MODES = List.of(1 << 1, 1 << 2, 1 << 3);

  private enum Form {
    FLAG,
    NOT_FLAG,
    U8,
    U32,
    TEXT,
    ADDRESS,
    XDP
  }

  private final Form form;
  private final int number;

  LinkProperty(Form form, int number) {
    this.form = form;
    this.number = number;
  }

  /// The value on a link; empty if this kernel does not report it.
  public Optional<String> of(Link link) {
    try {
      return read(link);
    } catch (MalformedMessage _) {
      return Optional.empty();
    }
  }

  private Optional<String> read(Link link) throws MalformedMessage {
    Attributes attributes = link.attributes();
    Optional<Attribute> attribute = attributes.find(number);
    return switch (form) {
      case FLAG -> Optional.of(onOff(link.flags().has(number)));
      case NOT_FLAG -> Optional.of(onOff(!link.flags().has(number)));
      case U8 ->
          attribute.isEmpty() ? Optional.empty() : Optional.of(onOff(attribute.get().u8() != 0));
      case U32 ->
          attribute.isEmpty()
              ? Optional.empty()
              : Optional.of(Long.toString(attribute.get().u32()));
      case TEXT -> Optional.of(attribute.map(Attribute::string).orElse(""));
      case ADDRESS ->
          attribute.isEmpty() || attribute.get().value().length() == 0
              ? Optional.empty()
              : Optional.of(HardwareAddress.of(attribute.get().bytes()).toString());
      case XDP -> {
        Optional<Attribute> attached = attributes.nested(number).find(Ifla.XDP_ATTACHED);
        yield attached.isEmpty() ? Optional.empty() : Optional.of(onOff(attached.get().u8() != 0));
      }
    };
  }

  private static String onOff(boolean on) {
    return on ? ON : OFF;
  }

  /// The messages that set it; all must be sent.
  ///
  /// @throws IllegalArgumentException for a value that it cannot have, or that nobody can set
  List<PayloadWriter> messages(int index, String value) {
    LinkHeader as = LinkHeader.ofIndex(index);
    return switch (form) {
      case FLAG -> List.of(flag(index, isOn(value)));
      case NOT_FLAG -> List.of(flag(index, !isOn(value)));
      case U8 -> List.of(as.writer().attributeU8(number, isOn(value) ? 1 : 0));
      case U32 -> List.of(as.writer().attributeU32(number, Integer.parseUnsignedInt(value)));
      // Without a NUL at the end: an attribute of zero bytes removes the alias.
      case TEXT -> List.of(as.writer().attributeBytes(number, KernelText.encode(value)));
      case ADDRESS ->
          List.of(as.writer().attributeBytes(number, HardwareAddress.parse(value).toBytes()));
      case XDP -> {
        if (isOn(value)) {
          throw new IllegalArgumentException(
              "an XDP program cannot be attached here, only detached");
        }
        yield XDP_MODES.stream().map(mode -> detach(as, mode)).toList();
      }
    };
  }

  private PayloadWriter flag(int index, boolean set) {
    return new LinkHeader(0, index, set ? number : 0, number).writer();
  }

  private static PayloadWriter detach(LinkHeader link, int mode) {
    return link.writer()
        .nested(
            Ifla.XDP, xdp -> xdp.attributeS32(Ifla.XDP_FD, -1).attributeU32(Ifla.XDP_FLAGS, mode));
  }

  private static boolean isOn(String value) {
    return switch (value) {
      case ON -> true;
      case OFF -> false;
      default -> throw new IllegalArgumentException(value + " is neither on nor off");
    };
  }
}
