package dev.podbond.node.kernel;

/// A change that this side refused, or that the kernel refused and we put back. Its errno is the
/// one that the kernel gave or would have given.
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
