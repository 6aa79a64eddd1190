package dev.podbond.netlink;

import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The kernel refused a netlink request, or we could not get or read its answer.
///
/// The message holds the request in words, the error, and the kernel's own explanation (the
/// extended acknowledgement) if it gave one. Failures on our side of the socket use the errno that
/// fits best: `ETIMEDOUT` if the answer did not come in time, `EBADMSG` if the answer breaks the
/// protocol, `EINTR` if the kernel marked the dump as interrupted at every attempt, `E2BIG` if
/// there is more than we hold.
public final class NetlinkException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final int errno;
  private final @Nullable String kernelMessage;

  /// @param request the request in words, such as `create bond bond0 (RTM_NEWLINK)`
  /// @param errno the error
  /// @param kernelMessage the kernel's explanation, `NLMSGERR_ATTR_MSG`
  public NetlinkException(String request, Errno errno, Optional<String> kernelMessage) {
    super(request + ": " + errno + kernelMessage.map(text -> ": " + text).orElse(""));
    this.errno = errno.number();
    this.kernelMessage = kernelMessage.orElse(null);
  }

  /// A failure that another exception explains.
  public NetlinkException(String request, Errno errno, Throwable cause) {
    super(request + ": " + errno + ": " + cause.getMessage(), cause);
    this.errno = errno.number();
    this.kernelMessage = null;
  }

  /// The error.
  public Errno errno() {
    return new Errno(errno);
  }

  /// Whether the kernel answered. If not, its answer was lost or unreadable, and the kernel may
  /// have done what we asked for.
  public boolean isAnswered() {
    return getCause() == null;
  }

  /// The kernel's own explanation, if it gave one.
  public Optional<String> kernelMessage() {
    return Optional.ofNullable(kernelMessage);
  }
}
