package dev.podbond.acceptance.fault;

/// The call is dead. An error, so that nothing takes it for a failure it could handle.
public final class Died extends Error {
  private static final long serialVersionUID = 1L;

  Died(Point point) {
    super("dead since " + point);
  }
}
