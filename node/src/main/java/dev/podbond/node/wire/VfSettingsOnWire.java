package dev.podbond.node.wire;

import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.link.Vf;
import dev.podbond.netlink.link.VfChange;
import dev.podbond.netlink.link.VfRate;
import dev.podbond.value.MacAddress;
import java.util.Optional;

/// A VF's settings as netlink carries them and back.
public final class VfSettingsOnWire {
  private static final int MAC_OCTETS = 6;

  private VfSettingsOnWire() {}

  /// The message that sets them.
  ///
  /// @param now the PF's present report: the kernel sets both rates at once, so a rate that must
  ///   not change is sent as it is
  public static VfChange encode(int index, VfSettings settings, VfRate now) {
    VfChange change = VfChange.of(index);
    if (settings.adminMac().isPresent()) {
      change = change.address(HardwareAddress.of(settings.adminMac().get().octets()));
    }
    if (settings.vlan().isPresent()) {
      change = change.vlan(settings.vlan().get());
    }
    if (settings.minTxRateMbps().isPresent() || settings.maxTxRateMbps().isPresent()) {
      change =
          change.rate(
              new VfRate(
                  settings.minTxRateMbps().map(Integer::longValue).orElse(now.minMbps()),
                  settings.maxTxRateMbps().map(Integer::longValue).orElse(now.maxMbps())));
    }
    if (settings.spoofCheck().isPresent()) {
      change = change.spoofCheck(settings.spoofCheck().get());
    }
    if (settings.linkState().isPresent()) {
      change = change.linkState(settings.linkState().get());
    }
    if (settings.trust().isPresent()) {
      change = change.trust(settings.trust().get());
    }
    return change;
  }

  /// What the PF reports about a VF.
  public static VfSettings decode(Vf vf) {
    return VfSettings.NONE
        .with(VfSetting.ADMIN_MAC, mac(vf.address()))
        .with(VfSetting.VLAN, vf.vlan())
        .with(VfSetting.MIN_TX_RATE_MBPS, (int) vf.rate().minMbps())
        .with(VfSetting.MAX_TX_RATE_MBPS, (int) vf.rate().maxMbps())
        .with(VfSetting.SPOOF_CHECK, vf.spoofCheck())
        .with(VfSetting.TRUST, vf.trust())
        .with(VfSetting.LINK_STATE, vf.linkState());
  }

  /// Those of the requested settings in which the VF now differs from before: setting them puts a
  /// half-made change back.
  public static VfSettings toPutBack(VfSettings asked, VfSettings before, VfSettings now) {
    return before.only(setting ->
        !before.get(setting).equals(now.get(setting))
            && asked.present().stream()
                .anyMatch(other -> other.attribute().equals(setting.attribute())));
  }

  private static Optional<MacAddress> mac(HardwareAddress address) {
    return address.length() == MAC_OCTETS
        ? Optional.of(MacAddress.of(address.toBytes()))
        : Optional.empty();
  }
}
