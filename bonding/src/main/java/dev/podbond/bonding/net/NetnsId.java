package dev.podbond.bonding.net;

import java.util.Optional;
import java.util.OptionalLong;

/// Which network namespace it is, whatever path leads there: a runtime may mount another one at the
/// same place, and the kernel gives process ids and inodes out anew.
///
/// @param bootId the boot of the node in which it was seen (`random(4)`, `boot_id`); "" for unknown
/// @param cookie what no other namespace of that boot has (`SO_NETNS_COOKIE`); empty for unknown
public record NetnsId(String bootId, OptionalLong cookie) {
  /// Nothing is known.
  public static final NetnsId UNKNOWN = new NetnsId("", OptionalLong.empty());

  /// Whether they are certainly two. Of what is not known of both nothing can be said.
  public boolean differsFrom(NetnsId other) {
    if (bootId.isEmpty() || other.bootId.isEmpty()) {
      return false;
    }
    // No namespace outlives its kernel.
    return !bootId.equals(other.bootId)
        || (cookie.isPresent() && other.cookie.isPresent() && !cookie.equals(other.cookie));
  }

  /// The cookie as it is stored: JSON's numbers are not exact for every reader.
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
