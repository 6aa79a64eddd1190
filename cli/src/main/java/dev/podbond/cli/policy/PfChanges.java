package dev.podbond.cli.policy;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.cli.machine.PfState;
import dev.podbond.cli.machine.VfState;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The remaining changes for a PF that has its VFs, as the operator's daemon makes them. It sets
/// the PF up, and raises its MTU but never lowers it. For VFs that belong to a policy, it sets the
/// MTU and makes the VF's own MAC the administrative one. It leaves all other VFs alone.
public final class PfChanges {
  private PfChanges() {}

  /// The changes for the PF itself, in order; empty if it is as required.
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

  /// The changes for one VF, in order; empty if it is as required, if it is in use, or if no policy
  /// covers it.
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
    return Optional.of(
        new Change.SetVf(vf.device().ref(), VfSettings.NONE.with(VfSetting.ADMIN_MAC, wanted)));
  }
}
