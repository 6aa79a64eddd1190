package dev.podbond.cli.machine;

import dev.podbond.node.sysfs.PfDevice;

/// A PF and what of its network interface may have to be changed.
public record PfState(PfDevice device, boolean up, int mtuBytes) {}
