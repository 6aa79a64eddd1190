package dev.podbond.netlink.ip;

/// How far an address is valid or a destination is away, `RT_SCOPE_*` of `linux/rtnetlink.h`.
///
/// @param number 0 to 255; administrators may give meanings to the numbers between the named ones
public record Scope(int number) {
  /// Everywhere, or behind a gateway.
  public static final Scope GLOBAL = new Scope(0);

  /// Within the site, of old IPv6.
  public static final Scope SITE = new Scope(200);

  /// On the link.
  public static final Scope LINK = new Scope(253);

  /// On this host.
  public static final Scope HOST = new Scope(254);

  /// Nowhere: the destination does not exist.
  public static final Scope NOWHERE = new Scope(255);

  private static final int MAX = 255;

  /// Refuses numbers above 255.
  public Scope {
    if (number < 0 || number > MAX) {
      throw new IllegalArgumentException("scope " + number + " is not in 0.." + MAX);
    }
  }

  static Scope of(int number) {
    return new Scope(number);
  }
}
