package dev.podbond.netlink;

import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The kernel refused a netlink request, or its answer could not be had.
///
/// The message holds the request in words, the error, and the kernel's own explanation (the
/// extended acknowledgement) where it gave one. Failures on our side of the socket use the errno
/// that says it best: `ETIMEDOUT` for no answer in time, `EBADMSG` for an answer that breaks the
/// protocol, `EINTR` for a dump that the kernel marked as interrupted each time it was tried.
public final class NetlinkException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final int errno;
  private final @Nullable String kernelMessage;

  /// @param request the request in words, such as `create bond bond0 (RTM_NEWLINK)`
  /// @param errno what went wrong
  /// @param kernelMessage the kernel's explanation, `NLMSGERR_ATTR_MSG`
  public NetlinkException(String request, Errno errno, Optional<String> kernelMessage) {
    super(request + ": " + errno + kernelMessage.map(text -> ": " + text).orElse(""));
    this.errno = errno.number();
    this.kernelMessage = kernelMessage.orElse(null);
  }

  /// The same, for a failure that another exception explains.
  public NetlinkException(String request, Errno errno, Throwable cause) {
    super(request + ": " + errno + ": " + cause.getMessage(), cause);
    this.errno = errno.number();
    this.kernelMessage = null;
  }

  /// What went wrong.
  public Errno errno() {
    return new Errno(errno);
  }

  /// Whether the kernel itself said no. If not, its answer was lost or made no sense, and what was
  /// asked for may have happened.
  public boolean isAnswered() {
    return getCause() == null;
  }

  /// The kernel's own explanation, where it gave one.
  public Optional<String> kernelMessage() {
    return Optional.ofNullable(kernelMessage);
  }
}
