package dev.podbond.cli.diagnose;

import dev.podbond.cli.bond.KnownBond;
import java.util.Optional;

/// What the kernel has of an attachment in the pod.
///
/// @param bond the bond that it makes
/// @param link its VLAN, or its single VF
public record SeenPod(Optional<KnownBond> bond, Optional<PodLink> link) {}
