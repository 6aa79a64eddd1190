package dev.podbond.cli.policy;

import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.VfRange;
import java.util.OptionalInt;

/// Some VFs of one PF that one policy offers as a resource.
///
/// @param resourceName without a prefix
/// @param mtuBytes the required MTU of each of these VFs
public record DesiredVfs(
    String resourceName, ObjectKey policy, VfRange range, OptionalInt mtuBytes) {}
