package dev.podbond.bonding.facts;

import dev.podbond.value.MacAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What whoever has NET_ADMIN in a pod may set on a link, beside its names, MAC, MTU and state, and
/// what stays with the link on its way through network namespaces. Values are texts: `on` or `off`,
/// decimal numbers, a MAC, or any text. The names are those of `ip link set`.
public enum LinkSetting {
  /// Off: it resolves no addresses and takes none for its own (`IFF_NOARP`).
  ARP("arp", Form.SWITCH),
  MULTICAST("multicast", Form.SWITCH),
  ALLMULTICAST("allmulticast", Form.SWITCH),
  PROMISC("promisc", Form.SWITCH),
  DYNAMIC("dynamic", Form.SWITCH),
  TRAILERS("trailers", Form.SWITCH),
  DEBUG("debug", Form.SWITCH),
  PORTSEL("portsel", Form.SWITCH),
  AUTOMEDIA("automedia", Form.SWITCH),
  TX_QUEUE_LENGTH("txqueuelen", Form.NUMBER),
  /// Before the one of IPv4, which the kernel sets with it.
  GSO_MAX_SIZE("gso_max_size", Form.NUMBER),
  GSO_MAX_SEGS("gso_max_segs", Form.NUMBER),
  /// Before the one of IPv4, which the kernel sets with it.
  GRO_MAX_SIZE("gro_max_size", Form.NUMBER),
  GSO_IPV4_MAX_SIZE("gso_ipv4_max_size", Form.NUMBER),
  GRO_IPV4_MAX_SIZE("gro_ipv4_max_size", Form.NUMBER),
  GROUP("group", Form.NUMBER),
  ALIAS("alias", Form.TEXT),
  PROTO_DOWN("protodown", Form.SWITCH),
  BROADCAST("broadcast", Form.MAC),
  /// Whether an XDP program is attached. One that was there cannot be brought back.
  XDP("xdp", Form.SWITCH);

  private static final int MAX_TEXT = 255;

  private enum Form {
    SWITCH,
    NUMBER,
    MAC,
    TEXT
  }

  private final String key;
  private final Form form;

  LinkSetting(String key, Form form) {
    this.key = key;
    this.form = form;
  }

  /// Its name in `ip link set`, and in records.
  public String key() {
    return key;
  }

  /// The setting of this name.
  public static Optional<LinkSetting> of(String key) {
    return Stream.of(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  /// Whether it can have this value.
  public boolean takes(String value) {
    return switch (form) {
      case SWITCH -> value.equals("on") || value.equals("off");
      case NUMBER -> isUnsigned(value);
      case MAC -> MacAddress.parse(value).isPresent();
      case TEXT -> value.length() <= MAX_TEXT && value.indexOf(0) < 0;
    };
  }

  /// Whether a link that has another value than it should cannot be relied on to work. The others
  /// change its pace, or who sees its traffic.
  public boolean isVital() {
    return switch (this) {
      case ARP, MULTICAST, PROTO_DOWN, BROADCAST -> true;
      case ALLMULTICAST,
          PROMISC,
          DYNAMIC,
          TRAILERS,
          DEBUG,
          PORTSEL,
          AUTOMEDIA,
          TX_QUEUE_LENGTH,
          GSO_MAX_SIZE,
          GSO_MAX_SEGS,
          GRO_MAX_SIZE,
          GSO_IPV4_MAX_SIZE,
          GRO_IPV4_MAX_SIZE,
          GROUP,
          ALIAS,
          XDP ->
          false;
    };
  }

  private static boolean isUnsigned(String value) {
    try {
      return Integer.toUnsignedString(Integer.parseUnsignedInt(value)).equals(value);
    } catch (NumberFormatException _) {
      return false;
    }
  }

  @Override
  public String toString() {
    return key.toLowerCase(Locale.ROOT);
  }
}
