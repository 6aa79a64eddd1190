package dev.podbond.cluster.sriov;

/// VFs of one PF of one node that belong to one resource.
///
/// @param resource without a prefix
/// @param pf the PF's interface
public record VfGroup(String resource, String pf, int vfCount) {}
