package dev.podbond.bonding.config;

import dev.podbond.value.InterfaceName;
import java.util.List;
import java.util.Set;

/// The name that the runtime wants an interface to have.
public final class CniIfname {
  /// Entries of /proc/sys/net/ipv*/conf that are not interfaces.
  static final Set<String> SYSCTL_WORDS = Set.of("all", "default");

  static final String ALLOWED =
      "an interface name of at most "
          + InterfaceName.MAX_LENGTH
          + " characters without blanks, '/', ':' or '%', and neither all nor default";

  private CniIfname() {}

  /// Checks CNI_IFNAME more strictly than CNI does: for a name with '%' the kernel would choose
  /// another name, and the settings of `all` apply to every interface.
  ///
  /// @throws InvalidConfigException if an interface cannot have that name
  public static String require(String name) throws InvalidConfigException {
    if (!isUsable(name)) {
      throw new InvalidConfigException(
          List.of(ConfigProblem.of("CNI_IFNAME", name, "it must be " + ALLOWED)));
    }
    return name;
  }

  static boolean isUsable(String name) {
    return InterfaceName.isValid(name) && !SYSCTL_WORDS.contains(name);
  }
}
