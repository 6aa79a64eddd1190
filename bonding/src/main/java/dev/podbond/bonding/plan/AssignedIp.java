package dev.podbond.bonding.plan;

import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.util.Optional;

/// One entry of `ips` in an IPAM result.
///
/// @param gateway the gateway of its subnet, for routes that name no gateway
public record AssignedIp(IpPrefix address, Optional<InetAddress> gateway) {}
