package dev.podbond.cluster.multus;

import java.io.Serial;

/// A pod's networks cannot be attached as requested; the message says which and why.
public final class SelectionException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// @param message what is wrong and what to write instead
  public SelectionException(String message) {
    super(message);
  }
}
