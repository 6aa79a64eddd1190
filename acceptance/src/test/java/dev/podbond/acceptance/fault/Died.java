package dev.podbond.acceptance.fault;

/// The call is dead. It is an Error, so that nobody handles it like a failure.
public final class Died extends Error {
  private static final long serialVersionUID = 1L;

  Died(Point point) {
    super("dead since " + point);
  }
}
