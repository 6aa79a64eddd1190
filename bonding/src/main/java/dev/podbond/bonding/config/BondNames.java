package dev.podbond.bonding.config;

import dev.podbond.value.InterfaceName;
import java.util.Optional;

/// The names of a bond in its pod.
///
/// @param name the interface's name
/// @param altName an alternative name under which netlink tools also find it
public record BondNames(String name, Optional<String> altName) {
  /// The field `ifname`. Its length is checked later, once its role is known.
  static Optional<String> field(Fields fields) {
    Optional<String> ifname = fields.filledString("ifname", CniIfname.ALLOWED);
    if (ifname.isPresent()
        && (!InterfaceName.isValidAlternative(ifname.get())
            || CniIfname.SYSCTL_WORDS.contains(ifname.get()))) {
      fields.refuse(ConfigProblem.of("ifname", ifname.get(), "it must be " + CniIfname.ALLOWED));
    }
    return ifname;
  }
}
