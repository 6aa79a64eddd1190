package dev.podbond.netlink.ip;

/// How far an address is valid, or how far away a destination is: `RT_SCOPE_*` of
/// `linux/rtnetlink.h`.
///
/// @param number 0 to 255; administrators may give meanings to the numbers between the named ones
public record Scope(int number) {
  /// Everywhere, or behind a gateway.
  public static final Scope GLOBAL = new Scope(0);

  /// On the link.
  public static final Scope LINK = new Scope(253);

  /// On this host.
  public static final Scope HOST = new Scope(254);

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
