package dev.podbond.node.state;

/// Someone else held a lock for longer than one wanted to wait; trying again later may help.
public final class LockTimeoutException extends StateException {
  private static final long serialVersionUID = 1L;

  LockTimeoutException(String message) {
    super(message);
  }
}
