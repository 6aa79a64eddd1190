package dev.podbond.bonding.net;

import java.util.Optional;
import java.util.OptionalLong;

/// The identity of a network namespace, independent of its path: a runtime may mount another
/// namespace at the same place, and the kernel reuses process ids and inodes.
///
/// @param bootId the boot of the node in which it was seen (`random(4)`, `boot_id`); "" for unknown
/// @param cookie unique to the namespace within that boot (`SO_NETNS_COOKIE`); empty for unknown
public record NetnsId(String bootId, OptionalLong cookie) {
  /// Nothing is known.
  public static final NetnsId UNKNOWN = new NetnsId("", OptionalLong.empty());

  /// Whether they certainly differ; false if either lacks what is needed to tell.
  public boolean differsFrom(NetnsId other) {
    if (bootId.isEmpty() || other.bootId.isEmpty()) {
      return false;
    }
    // No namespace outlives its kernel.
    return !bootId.equals(other.bootId)
        || (cookie.isPresent() && other.cookie.isPresent() && !cookie.equals(other.cookie));
  }

  /// The cookie in its stored form: a text, since JSON's numbers are not exact for every reader.
  public Optional<String> cookieText() {
    return cookie.isPresent()
        ? Optional.of(Long.toUnsignedString(cookie.getAsLong()))
        : Optional.empty();
  }

  /// Reads [#cookieText].
  public static Optional<Long> parseCookie(String text) {
    try {
      return Optional.of(Long.parseUnsignedLong(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
