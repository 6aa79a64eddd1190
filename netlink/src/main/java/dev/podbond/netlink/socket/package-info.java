/// A netlink socket: requests, acknowledgements, dumps and multicast, with the kernel's strict
/// checks switched on.
package dev.podbond.netlink.socket;
