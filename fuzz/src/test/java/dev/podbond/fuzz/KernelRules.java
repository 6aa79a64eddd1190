package dev.podbond.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/// What the kernel takes for the name of an interface, told a second time: `dev_valid_name` in
/// net/core/dev.c, and the names that are no interfaces below /proc/sys/net.
final class KernelRules {
  private static final Set<String> SYSCTL_WORDS = Set.of("all", "default");

  private KernelRules() {}

  static boolean isInterfaceName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > 15 || name.equals(".") || name.equals("..")) {
      return false;
    }
    for (byte b : bytes) {
      // A '%' makes the kernel choose a name of its own; a control character may fool a terminal.
      if (b <= ' ' || b == 0x7f || b == '/' || b == ':' || b == '%') {
        return false;
      }
    }
    return true;
  }

  /// Whether the sysctls of this name are those of one interface.
  static boolean hasOwnSysctls(String name) {
    return isInterfaceName(name) && !SYSCTL_WORDS.contains(name);
  }
}
