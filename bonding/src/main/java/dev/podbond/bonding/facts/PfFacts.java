package dev.podbond.bonding.facts;

import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A physical function as observed on the host.
///
/// @param up administratively up
/// @param carrier whether its cable has a link
/// @param bond the host bond it is a member of
public record PfFacts(
    String name,
    PciAddress pci,
    boolean up,
    boolean carrier,
    int mtuBytes,
    Optional<String> bond) {}
