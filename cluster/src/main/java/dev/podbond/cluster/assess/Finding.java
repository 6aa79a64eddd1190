package dev.podbond.cluster.assess;

/// One problem of a BondNetwork.
///
/// @param message the object, what was found and what to do
public record Finding(Reason reason, String message) {}
