/// One netlink socket: requests, acknowledgements, dumps and multicast, with the kernel's checks
/// on.
package dev.podbond.netlink.socket;
