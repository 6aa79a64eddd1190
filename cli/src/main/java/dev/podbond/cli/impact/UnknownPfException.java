package dev.podbond.cli.impact;

import java.io.Serial;

/// None of a node's bonds has a member on such a PF or card; the message names those that have.
public final class UnknownPfException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  UnknownPfException(String message) {
    super(message);
  }
}
