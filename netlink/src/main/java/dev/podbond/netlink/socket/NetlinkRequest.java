package dev.podbond.netlink.socket;

import dev.podbond.netlink.wire.Payload;
import java.util.List;

/// A request to the kernel. The socket adds sequence number and port id.
///
/// Its words are put together only for an error message: there are dozens of requests in a call,
/// and nearly all succeed.
///
/// @param type `RTM_*`
/// @param flags further `NLM_F_*`; the method that sends the request adds `NLM_F_REQUEST`, and
///   `NLM_F_ACK` or `NLM_F_DUMP` where it needs them
/// @param payload the bytes after the header
/// @param format the request in words, as [String#formatted] takes it
/// @param arguments of the format; none of them ever changes
public record NetlinkRequest(
    int type, int flags, Payload payload, String format, List<Object> arguments) {
  /// A request with its words as a format and its arguments.
  public NetlinkRequest(int type, int flags, Payload payload, String format, Object... arguments) {
    this(type, flags, payload, format, List.of(arguments));
  }

  /// The request in words, for error messages.
  public String summary() {
    return format.formatted(arguments.toArray());
  }
}
