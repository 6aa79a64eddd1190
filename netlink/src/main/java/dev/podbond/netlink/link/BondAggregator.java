package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import java.util.Optional;

/// The active aggregator of an 802.3ad bond, `IFLA_BOND_AD_INFO`.
///
/// @param id the aggregator's number
/// @param ports the number of its members
/// @param actorKey this side's key
/// @param partnerKey the partner's key
/// @param partner the partner's system address; all zero if there is no partner
public record BondAggregator(
    int id, int ports, int actorKey, int partnerKey, HardwareAddress partner) {
  private static final int AGGREGATOR = 1;
  private static final int NUM_PORTS = 2;
  private static final int ACTOR_KEY = 3;
  private static final int PARTNER_KEY = 4;
  private static final int PARTNER_MAC = 5;

  static BondAggregator parse(Attributes attributes) throws MalformedMessage {
    return new BondAggregator(
        required(attributes, AGGREGATOR).u16(),
        required(attributes, NUM_PORTS).u16(),
        required(attributes, ACTOR_KEY).u16(),
        required(attributes, PARTNER_KEY).u16(),
        AttributeCodec.hardwareAddress(required(attributes, PARTNER_MAC)));
  }

  private static Attribute required(Attributes attributes, int type) throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(type);
    if (attribute.isEmpty()) {
      throw new MalformedMessage("IFLA_BOND_AD_INFO without attribute " + type);
    }
    return attribute.get();
  }

  void writeTo(PayloadWriter writer) {
    writer
        .attributeU16(AGGREGATOR, id)
        .attributeU16(NUM_PORTS, ports)
        .attributeU16(ACTOR_KEY, actorKey)
        .attributeU16(PARTNER_KEY, partnerKey)
        .attributeBytes(PARTNER_MAC, partner.toBytes());
  }
}
