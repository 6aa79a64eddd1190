/// The plugins against the real bonding and SR-IOV drivers and the real IPAM plugins; what they did
/// is judged by iproute2 and /proc/net/bonding, never by our own netlink.
@org.jspecify.annotations.NullMarked
package dev.podbond.acceptance;
