package dev.podbond.cluster.sriov;

import dev.podbond.value.PciAddress;
import java.util.Optional;

/// VFs of one PF of one node that belong to one resource.
///
/// @param resource without a prefix
/// @param pf the PF's interface
/// @param pfPci the PF's function, if the node tells it
public record VfGroup(String resource, String pf, Optional<PciAddress> pfPci, int vfCount) {}
