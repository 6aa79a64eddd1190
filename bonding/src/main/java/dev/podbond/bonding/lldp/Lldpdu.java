package dev.podbond.bonding.lldp;

import dev.podbond.bonding.lldp.StationId.Form;
import java.util.Arrays;
import java.util.Optional;

/// What a device says of itself in one LLDP frame (IEEE 802.1AB, 8 and 9.2.7.7). Anybody on the
/// cable may have sent it.
///
/// @param chassis the device
/// @param port its port at the other end of the cable
/// @param ttlSeconds how long this holds; 0 if the device takes its leave
/// @param systemName what people call the device, in one line; empty if it does not say
public record Lldpdu(
    StationId chassis, StationId port, int ttlSeconds, Optional<String> systemName) {
  /// How many octets are looked at: as many as an Ethernet frame carries.
  public static final int MOST_OCTETS = 1500;

  private static final int END = 0;
  private static final int CHASSIS_ID = 1;
  private static final int PORT_ID = 2;
  private static final int TTL = 3;
  private static final int SYSTEM_NAME = 5;

  private static final int HEADER = 2;
  private static final int LENGTH_BITS = 9;
  private static final int MOST_LENGTH = 0x1ff;
  private static final int MAX_ID = 255;

  private static final int CHASSIS_MAC = 4;
  private static final int CHASSIS_ADDRESS = 5;
  private static final int PORT_MAC = 3;
  private static final int PORT_ADDRESS = 4;

  /// One type, length and value.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares or keeps them
  private record Tlv(int type, byte[] value) {
    /// The one at this place; empty if it is not whole.
    static Optional<Tlv> at(byte[] octets, int place) {
      if (place + HEADER > octets.length) {
        return Optional.empty();
      }
      int header = u16(octets, place);
      int end = place + HEADER + (header & MOST_LENGTH);
      return end > octets.length
          ? Optional.empty()
          : Optional.of(
              new Tlv(header >> LENGTH_BITS, Arrays.copyOfRange(octets, place + HEADER, end)));
    }

    int size() {
      return HEADER + value.length;
    }
  }

  /// Reads an LLDPDU: what comes behind the frame's EtherType, with or without padding. Empty if
  /// the standard has it discarded: the first three values are chassis, port and time to live, each
  /// there once and of a length that makes sense. What else there is may be cut off or unknown.
  public static Optional<Lldpdu> parse(byte[] octets) {
    if (octets.length > MOST_OCTETS) {
      return Optional.empty();
    }
    Optional<Tlv> chassis = Tlv.at(octets, 0).filter(tlv -> isId(tlv, CHASSIS_ID));
    int place = chassis.map(Tlv::size).orElse(0);
    Optional<Tlv> port = Tlv.at(octets, place).filter(tlv -> isId(tlv, PORT_ID));
    place += port.map(Tlv::size).orElse(0);
    Optional<Tlv> ttl =
        Tlv.at(octets, place).filter(tlv -> tlv.type() == TTL && tlv.value().length >= 2);
    place += ttl.map(Tlv::size).orElse(0);
    if (chassis.isEmpty() || port.isEmpty() || ttl.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> name = Optional.empty();
    Optional<Tlv> next = Tlv.at(octets, place);
    while (next.isPresent() && next.get().type() != END) {
      Tlv tlv = next.get();
      if (tlv.type() <= TTL) {
        return Optional.empty();
      }
      if (tlv.type() == SYSTEM_NAME && name.isEmpty() && tlv.value().length > 0) {
        name = Optional.of(StationId.shown(tlv.value()));
      }
      place += tlv.size();
      next = Tlv.at(octets, place);
    }
    return Optional.of(
        new Lldpdu(
            id(chassis.get(), CHASSIS_MAC, CHASSIS_ADDRESS),
            id(port.get(), PORT_MAC, PORT_ADDRESS),
            u16(ttl.get().value(), 0),
            name));
  }

  private static int u16(byte[] octets, int place) {
    return ((octets[place] & 0xff) << 8) | (octets[place + 1] & 0xff);
  }

  private static boolean isId(Tlv tlv, int type) {
    return tlv.type() == type && tlv.value().length >= 2 && tlv.value().length <= 1 + MAX_ID;
  }

  private static StationId id(Tlv tlv, int macSubtype, int addressSubtype) {
    int subtype = tlv.value()[0] & 0xff;
    Form form =
        subtype == macSubtype
            ? Form.MAC
            : subtype == addressSubtype ? Form.NETWORK_ADDRESS : Form.TEXT;
    return StationId.of(form, subtype, Arrays.copyOfRange(tlv.value(), 1, tlv.value().length));
  }
}
