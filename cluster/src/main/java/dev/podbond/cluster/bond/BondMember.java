package dev.podbond.cluster.bond;

/// A member of a bond: a VF of a SriovNetwork.
///
/// @param network the name of the SriovNetwork and of its network attachment, in the namespace of
///   the BondNetwork
/// @param interfaceName the VF's name in the pod
public record BondMember(String network, String interfaceName) {}
