/// The netlink message format on byte arrays: pure, total on hostile bytes, and without native
/// code.
package dev.podbond.netlink.wire;
