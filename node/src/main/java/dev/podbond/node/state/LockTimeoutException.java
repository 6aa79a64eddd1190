package dev.podbond.node.state;

/// Another caller held a lock for longer than the limit; trying again later may help.
public final class LockTimeoutException extends StateException {
  private static final long serialVersionUID = 1L;

  LockTimeoutException(String message) {
    super(message);
  }
}
