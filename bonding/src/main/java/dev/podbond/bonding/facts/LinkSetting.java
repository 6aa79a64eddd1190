package dev.podbond.bonding.facts;

import dev.podbond.value.MacAddress;
import java.util.Locale;

/// The settings of a link that anyone with NET_ADMIN in a pod can change, beside its names, MAC,
/// MTU and state, and that stay with the link when it moves between network namespaces. Values are
/// texts: `on` or `off`, decimal numbers, a MAC, or any text. The names are those of `ip link set`.
public enum LinkSetting {
  /// If off, the link resolves no addresses and answers for none (`IFF_NOARP`).
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
  /// Must precede the IPv4 setting, which the kernel sets along with it.
  GSO_MAX_SIZE("gso_max_size", Form.NUMBER),
  GSO_MAX_SEGS("gso_max_segs", Form.NUMBER),
  /// Must precede the IPv4 setting, which the kernel sets along with it.
  GRO_MAX_SIZE("gro_max_size", Form.NUMBER),
  GSO_IPV4_MAX_SIZE("gso_ipv4_max_size", Form.NUMBER),
  GRO_IPV4_MAX_SIZE("gro_ipv4_max_size", Form.NUMBER),
  GROUP("group", Form.NUMBER),
  ALIAS("alias", Form.TEXT),
  PROTO_DOWN("protodown", Form.SWITCH),
  BROADCAST("broadcast", Form.MAC),
  /// Whether an XDP program is attached. A program that was removed cannot be brought back.
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

  /// Whether it can have this value.
  public boolean takes(String value) {
    return switch (form) {
      case SWITCH -> value.equals("on") || value.equals("off");
      case NUMBER -> isUnsigned(value);
      case MAC -> MacAddress.parse(value).isPresent();
      case TEXT -> value.length() <= MAX_TEXT && value.indexOf(0) < 0;
    };
  }

  /// Whether a link with a wrong value of it may fail to work. The other settings change its speed,
  /// or who sees its traffic.
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
