package dev.podbond.bonding.model;

/// The model's refusal of a change.
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  final String errno;

  Refusal(String errno, String reason) {
    super(reason);
    this.errno = errno;
  }

  static Refusal of(String errno) {
    return new Refusal(errno, errno);
  }
}
