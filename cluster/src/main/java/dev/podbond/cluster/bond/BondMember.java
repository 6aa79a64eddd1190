package dev.podbond.cluster.bond;

/// A member of a bond: a VF of a SriovNetwork.
///
/// @param network the SriovNetwork's name, which is that of its network attachment as well; it is
///   looked for in the namespace of the BondNetwork
/// @param interfaceName the VF's name in the pod
public record BondMember(String network, String interfaceName) {}
