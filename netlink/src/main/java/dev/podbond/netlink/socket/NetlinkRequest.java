package dev.podbond.netlink.socket;

import dev.podbond.netlink.wire.Payload;

/// A request to the kernel. The socket adds sequence number and port id.
///
/// @param type `RTM_*`
/// @param flags further `NLM_F_*`; the method that sends the request adds `NLM_F_REQUEST`, and
///   `NLM_F_ACK` or `NLM_F_DUMP` where it needs them
/// @param payload the bytes after the header
/// @param summary the request in words, for error messages
public record NetlinkRequest(int type, int flags, Payload payload, String summary) {}
