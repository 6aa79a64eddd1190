package dev.podbond.netlink.socket;

import dev.podbond.netlink.wire.MalformedMessage;

/// Takes the objects of a dump as they arrive, so that nobody has to hold a table that may be of
/// any length: what a pod's namespace holds is its own affair.
///
/// @param <T> what one message says
@FunctionalInterface
public interface DumpReader<T> {
  /// Takes one.
  ///
  /// @throws MalformedMessage if it makes no sense; the dump is read to its end all the same
  void read(T object) throws MalformedMessage;

  /// A dump begins, or begins anew because the table changed meanwhile: what was read before may be
  /// out of date.
  default void begin() {}
}
