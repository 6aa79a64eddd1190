package dev.podbond.bonding.config;

import dev.podbond.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The names that the runtime and the configuration request for a bond. Which of the two becomes
/// its name, and whether it can have the other as well, depends on the pod:
/// [dev.podbond.bonding.preflight.NameChoice].
///
/// @param cniIfname the runtime's name, under which the bond is always found
/// @param ifname the configuration's name, if it differs
/// @param standing the bond's position in its network
/// @param otherNames the present and future names of the pod's other interfaces
public record NameWish(
    String cniIfname, Optional<String> ifname, Standing standing, Set<String> otherNames) {
  /// The form of Multus' name for an interface that the pod's annotation does not name.
  private static final Pattern NUMBERED = Pattern.compile("net\\d+");

  public NameWish {
    otherNames = Set.copyOf(otherNames);
  }

  /// The wish of a configuration. Its `ifnameFirst` overrides what we know of the networks. A
  /// CNI_IFNAME that does not have the form `net3` was requested explicitly.
  ///
  /// @param json the configuration
  /// @param ifname its field `ifname`
  /// @throws InvalidConfigException if the kernel would not accept CNI_IFNAME, or if `ifnameFirst`
  ///   is neither true nor false
  public static NameWish of(
      JsonObject json, String cniIfname, Optional<String> ifname, PodNetworks networks)
      throws InvalidConfigException {
    CniIfname.require(cniIfname);
    Fields fields = Fields.of(json);
    Standing standing;
    if (!isNumbered(cniIfname)) {
      standing = Standing.ASKED_FOR;
    } else if (fields.find("ifnameFirst").isPresent()) {
      standing = fields.flag("ifnameFirst", false) ? Standing.LAST : Standing.FOLLOWED;
    } else {
      standing = networks.standing();
    }
    fields.throwIfRefused();
    return new NameWish(
        cniIfname, ifname.filter(name -> !name.equals(cniIfname)), standing, networks.otherNames());
  }

  /// Whether a name has the form of the runtime's numbered names.
  public static boolean isNumbered(String name) {
    return NUMBERED.matcher(name).matches();
  }

  /// Whether `ifname` can be the interface's own name, and not only an alternative name.
  public boolean isIfnameUsable() {
    return ifname.filter(CniIfname::isUsable).isPresent();
  }

  /// Both names, the runtime's first.
  public BondNames both() {
    return new BondNames(cniIfname, ifname);
  }
}
