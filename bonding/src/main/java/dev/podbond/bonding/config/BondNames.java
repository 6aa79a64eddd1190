package dev.podbond.bonding.config;

import dev.podbond.bonding.net.InterfaceName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The names of a bond in its pod.
///
/// @param name the interface's name
/// @param altName an alternative name under which netlink tools find it as well
public record BondNames(String name, Optional<String> altName) {
  /// What Multus calls an interface when the pod's annotation does not say.
  private static final Pattern UNASKED = Pattern.compile("net\\d+");

  /// Chooses between CNI_IFNAME and the configuration's `ifname`. A CNI_IFNAME of the form `net3`
  /// is the runtime's numbering: then the bond is called `ifname`, and CNI_IFNAME becomes its
  /// alternative name. Any other CNI_IFNAME was plainly asked for: then it is the name and `ifname`
  /// the alternative.
  ///
  /// @throws InvalidConfigException if the kernel would not accept a name in its role
  public static BondNames of(String cniIfname, Optional<String> ifname)
      throws InvalidConfigException {
    CniIfname.require(cniIfname);
    Optional<String> other = ifname.filter(name -> !name.equals(cniIfname));
    if (other.isEmpty() || !UNASKED.matcher(cniIfname).matches()) {
      return new BondNames(cniIfname, other);
    }
    if (!CniIfname.isUsable(other.get())) {
      throw new InvalidConfigException(
          List.of(ConfigProblem.of("ifname", other.get(), "it must be " + CniIfname.ALLOWED)));
    }
    return new BondNames(other.get(), Optional.of(cniIfname));
  }

  /// The field `ifname`; its length is judged in [#of], where it is known which role it plays.
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
