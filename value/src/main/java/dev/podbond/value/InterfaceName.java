package dev.podbond.value;

/// The kernel's rule for interface names (`dev_valid_name` in net/core/dev.c).
public final class InterfaceName {
  /// IFNAMSIZ less its closing NUL.
  public static final int MAX_LENGTH = 15;

  /// ALTIFNAMSIZ less its closing NUL: the longest alternative name.
  public static final int MAX_ALT_LENGTH = 127;

  private InterfaceName() {}

  /// Whether the kernel accepts `name` for an interface.
  public static boolean isValid(String name) {
    return name.length() <= MAX_LENGTH && isValidAlternative(name);
  }

  /// Whether the kernel accepts `name` as an interface's alternative name.
  public static boolean isValidAlternative(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_ALT_LENGTH
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != ':' && c != '%');
  }
}
