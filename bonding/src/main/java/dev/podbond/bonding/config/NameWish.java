package dev.podbond.bonding.config;

import dev.podbond.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a bond is asked to be called, by the runtime and by its configuration. Which of the two is
/// its name, and whether it can have the other one as well, depends on the pod:
/// [dev.podbond.bonding.preflight.NameChoice].
///
/// @param cniIfname the runtime's name, under which the bond is always found
/// @param ifname the configuration's, if it is another one
/// @param standing where the bond stands in its network
/// @param otherNames how the pod's other interfaces are or will be called
public record NameWish(
    String cniIfname, Optional<String> ifname, Standing standing, Set<String> otherNames) {
  /// What Multus calls an interface when the pod's annotation does not say.
  private static final Pattern NUMBERED = Pattern.compile("net\\d+");

  public NameWish {
    otherNames = Set.copyOf(otherNames);
  }

  /// The wish of a configuration. Its `ifnameFirst` goes before what is known of the networks; a
  /// CNI_IFNAME that is not of the form `net3` was plainly asked for.
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

  /// Whether a name is of the form that the runtime gives its interfaces.
  public static boolean isNumbered(String name) {
    return NUMBERED.matcher(name).matches();
  }

  /// Whether an interface can be called as the configuration wants, and not only be known so.
  public boolean isIfnameUsable() {
    return ifname.filter(CniIfname::isUsable).isPresent();
  }

  /// Both names, the runtime's first.
  public BondNames both() {
    return new BondNames(cniIfname, ifname);
  }
}
