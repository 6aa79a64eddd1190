package dev.podbond.node.kernel;

/// A change that is refused on this side, or after it was put back: with the errno that the kernel
/// would have given, or did give.
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final String errno;
  private final String reason;

  Refusal(String errno, String reason) {
    super(reason);
    this.errno = errno;
    this.reason = reason;
  }

  String errno() {
    return errno;
  }

  String reason() {
    return reason;
  }
}
