package dev.podbond.bonding.facts;

import dev.podbond.value.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// A bond's information about one of its members (`IFLA_INFO_SLAVE_DATA`).
///
/// @param bond the name of the bond, or other master, in the member's namespace
/// @param masterKind `IFLA_INFO_SLAVE_KIND`: "bond", "bridge", ...
/// @param miiUp whether link monitoring considers it up
/// @param active whether it carries traffic (state active, not backup)
/// @param permanentMac the MAC it had before it became a member
public record MemberFacts(
    String bond,
    String masterKind,
    boolean miiUp,
    boolean active,
    Optional<MacAddress> permanentMac,
    int linkFailures,
    OptionalInt priority,
    OptionalInt queueId) {}
