package dev.podbond.cli.machine;

import dev.podbond.node.sysfs.PfDevice;

/// A PF, and the changeable properties of its network interface.
public record PfState(PfDevice device, boolean up, int mtuBytes) {}
