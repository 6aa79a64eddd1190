package dev.podbond.netlink.socket;

import dev.podbond.netlink.wire.MalformedMessage;

/// Takes the objects of a dump as they arrive. So nobody has to hold a whole table: a pod can make
/// the tables of its namespace as long as it likes.
///
/// @param <T> the object in one message
@FunctionalInterface
public interface DumpReader<T> {
  /// Takes one object.
  ///
  /// @throws MalformedMessage if it makes no sense; the socket still reads the dump to its end
  void read(T object) throws MalformedMessage;

  /// Called when a dump begins, and again when it restarts because the table changed meanwhile.
  /// Objects from before a restart may be out of date.
  default void begin() {}
}
