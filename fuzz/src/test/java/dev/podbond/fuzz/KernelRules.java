package dev.podbond.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/// The kernel's rules for interface names, written a second time: `dev_valid_name` in
/// net/core/dev.c, and the names below /proc/sys/net that do not belong to an interface.
final class KernelRules {
  private static final Set<String> SYSCTL_WORDS = Set.of("all", "default");

  private KernelRules() {}

  static boolean isInterfaceName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > 15 || name.equals(".") || name.equals("..")) {
      return false;
    }
    for (byte b : bytes) {
      // With a '%' the kernel chooses the name itself; a control character may fool a terminal.
      if (b <= ' ' || b == 0x7f || b == '/' || b == ':' || b == '%') {
        return false;
      }
    }
    return true;
  }

  /// Whether the sysctls under this name belong to one interface.
  static boolean hasOwnSysctls(String name) {
    return isInterfaceName(name) && !SYSCTL_WORDS.contains(name);
  }
}
