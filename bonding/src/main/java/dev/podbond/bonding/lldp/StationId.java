package dev.podbond.bonding.lldp;

import dev.podbond.json.Printable;
import dev.podbond.value.IpText;
import dev.podbond.value.MacAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The identity of a chassis or of one of its ports, as it announces it.
///
/// @param form what its octets are
/// @param subtype the number of its kind; chassis and ports count differently
/// @param octets in hexadecimal digits
public record StationId(Form form, int subtype, String octets) {
  /// What the octets of an identity are.
  public enum Form {
    /// A MAC address.
    MAC,
    /// A network address behind the number of its family.
    NETWORK_ADDRESS,
    /// Anything else, mostly text.
    TEXT
  }

  private static final int MAX_SHOWN = 64;

  /// Numbers of address families, by IANA.
  private static final int IPV4 = 1;

  private static final int IPV6 = 2;

  static StationId of(Form form, int subtype, byte[] octets) {
    return new StationId(form, subtype, HexFormat.of().formatHex(octets));
  }

  /// The identity in one word by which it can be compared: a MAC address as such, everything else
  /// as `7-63616665`.
  public String identity() {
    return mac().map(MacAddress::toString).orElse(subtype + "-" + octets);
  }

  private Optional<MacAddress> mac() {
    byte[] bytes = HexFormat.of().parseHex(octets);
    return form == Form.MAC && bytes.length == 6
        ? Optional.of(MacAddress.of(bytes))
        : Optional.empty();
  }

  /// For people: in one line, without what would command a terminal, and not too long.
  @Override
  public String toString() {
    byte[] bytes = HexFormat.of().parseHex(octets);
    return switch (form) {
      case MAC -> mac().map(MacAddress::toString).orElse(shown(octets));
      case NETWORK_ADDRESS -> address(bytes).orElse(shown(octets));
      case TEXT -> shown(bytes);
    };
  }

  private static Optional<String> address(byte[] bytes) {
    byte[] address = Arrays.copyOfRange(bytes, Math.min(1, bytes.length), bytes.length);
    boolean isIp =
        bytes.length > 1
            && ((bytes[0] == IPV4 && address.length == 4)
                || (bytes[0] == IPV6 && address.length == 16));
    return isIp ? Optional.of(IpText.format(IpText.address(address))) : Optional.empty();
  }

  /// The beginning of a text that others wrote.
  static String shown(byte[] bytes) {
    return shown(Printable.line(bytes));
  }

  private static String shown(String line) {
    return line.length() <= MAX_SHOWN ? line : Printable.head(line, MAX_SHOWN - 3) + "...";
  }
}
