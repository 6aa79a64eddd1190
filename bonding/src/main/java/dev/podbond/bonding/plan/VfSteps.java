package dev.podbond.bonding.plan;

import static java.util.stream.Collectors.toSet;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.MacAddress;
import java.util.List;
import java.util.Set;

/// Computes which VF settings to make, one at a time, and which to set back.
final class VfSteps {
  private VfSteps() {}

  /// The settings to make so that a VF with these present settings is as configured. It skips
  /// settings that are right already, since many NICs refuse even the value they have (igb: link
  /// state `auto`). It always includes the administrative MAC: a PF that reports a MAC does not
  /// necessarily insist on it.
  static VfSettings needed(VfConfig config, VfSettings now) {
    VfSettings wanted = config.settings();
    return without(withoutMac(wanted), now)
        .with(VfSetting.ADMIN_MAC, config.mac().or(wanted::adminMac));
  }

  /// The settings without those that are right already. Settings that one attribute of the kernel
  /// carries are made together: if one of the two rates differs, both stay, and the other keeps its
  /// value.
  static VfSettings without(VfSettings wanted, VfSettings now) {
    Set<String> differing =
        wanted.present().stream()
            .filter(setting -> !wanted.get(setting).equals(now.get(setting)))
            .map(VfSetting::attribute)
            .collect(toSet());
    return wanted.or(now).only(setting -> differing.contains(setting.attribute()));
  }

  /// The former values of all that was set. A value that the NIC did not report cannot be set back.
  static VfSettings undoOf(VfSettings set, VfSettings before) {
    return before.only(set::has);
  }

  /// Each attribute by itself, because a PF driver may refuse the third of a message after it has
  /// made the first two.
  static List<VfSettings> singly(VfSettings settings) {
    return settings.present().stream()
        .map(VfSetting::attribute)
        .distinct()
        .map(attribute -> settings.only(setting -> setting.attribute().equals(attribute)))
        .toList();
  }

  static VfSettings withoutMac(VfSettings settings) {
    return settings.only(setting -> setting != VfSetting.ADMIN_MAC);
  }

  static VfSettings adminMac(MacAddress mac) {
    return VfSettings.NONE.with(VfSetting.ADMIN_MAC, mac);
  }

  /// Makes a VF that is down adopt its administrative MAC. It does so by going up and down again.
  /// An all-zero MAC means "none set", so there is nothing to adopt.
  static List<Change> adoption(LinkRef link, MacAddress adminMac) {
    return adminMac.isZero() ? List.of() : reset(link);
  }

  /// Makes the driver of a VF that is down reset it.
  static List<Change> reset(LinkRef link) {
    return List.of(new SetAdminState(link, true), new SetAdminState(link, false));
  }
}
