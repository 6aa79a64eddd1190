/// The netlink message format on byte arrays: pure Java without native code. Hostile bytes give a
/// value or a [MalformedMessage], nothing else.
package dev.podbond.netlink.wire;
