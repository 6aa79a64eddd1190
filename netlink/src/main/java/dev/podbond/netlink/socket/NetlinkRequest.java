package dev.podbond.netlink.socket;

import dev.podbond.netlink.wire.Payload;

/// What is asked of the kernel. The socket adds sequence number and port id.
///
/// @param type `RTM_*`
/// @param flags `NLM_F_*` besides `NLM_F_REQUEST`, `NLM_F_ACK` and `NLM_F_DUMP`, which follow from
///   the method that sends it
/// @param payload what follows the header
/// @param summary the request in words, for error messages
public record NetlinkRequest(int type, int flags, Payload payload, String summary) {}
