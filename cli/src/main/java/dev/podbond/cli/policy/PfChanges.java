package dev.podbond.cli.policy;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.cli.machine.PfState;
import dev.podbond.cli.machine.VfState;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is still to be changed on a PF that has its VFs, as the operator's daemon does it: the PF
/// up, its MTU raised but never lowered, and, of the VFs that belong to some policy, the MTU set
/// and the own MAC made the administrative one. All other VFs are nobody's business here.
public final class PfChanges {
  private PfChanges() {}

  /// The changes of the PF itself, in order; none if it is as wanted.
  public static List<Change> ofPf(DesiredPf desired, PfState pf) {
    List<Change> changes = new ArrayList<>();
    LinkRef pfLink = LinkRef.host(pf.device().name());
    if (!pf.up()) {
      changes.add(new Change.SetAdminState(pfLink, true));
    }
    if (!desired.externallyManaged() && desired.mtuBytes().orElse(0) > pf.mtuBytes()) {
      changes.add(new Change.SetMtu(pfLink, desired.mtuBytes().getAsInt()));
    }
    return List.copyOf(changes);
  }

  /// The changes of one VF, in order; none if it is as wanted, if somebody has it, or if it is
  /// outside of what the policies speak of.
  public static List<Change> ofVf(DesiredPf desired, VfState vf) {
    List<Change> changes = new ArrayList<>();
    Optional<DesiredVfs> group = desired.groupOf(vf.device().ref().index());
    if (group.isPresent() && !vf.isInUse()) {
      vf.device().hostName().ifPresent(name -> mtu(group.get(), vf, name).ifPresent(changes::add));
      adminMac(vf).ifPresent(changes::add);
    }
    return List.copyOf(changes);
  }

  private static Optional<Change> mtu(DesiredVfs group, VfState vf, String hostName) {
    return group.mtuBytes().isPresent()
            && vf.mtuBytes().isPresent()
            && group.mtuBytes().getAsInt() != vf.mtuBytes().getAsInt()
        ? Optional.of(new Change.SetMtu(LinkRef.host(hostName), group.mtuBytes().getAsInt()))
        : Optional.empty();
  }

  private static Optional<Change> adminMac(VfState vf) {
    Optional<MacAddress> wanted = vf.mac().filter(MacAddress::isUnicast);
    if (wanted.isEmpty() || vf.adminMac().isEmpty() || vf.adminMac().equals(wanted)) {
      return Optional.empty();
    }
    VfSettings none = VfSettings.NONE;
    return Optional.of(
        new Change.SetVf(
            vf.device().ref(),
            new VfSettings(
                wanted,
                none.vlan(),
                none.minTxRateMbps(),
                none.maxTxRateMbps(),
                none.spoofCheck(),
                none.trust(),
                none.linkState())));
  }
}
