package dev.podbond.node.wire;

import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.link.Vf;
import dev.podbond.netlink.link.VfChange;
import dev.podbond.netlink.link.VfRate;
import dev.podbond.value.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

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
                  orElse(settings.minTxRateMbps(), now.minMbps()),
                  orElse(settings.maxTxRateMbps(), now.maxMbps())));
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
    return new VfSettings(
        mac(vf.address()),
        Optional.of(vf.vlan()),
        OptionalInt.of((int) vf.rate().minMbps()),
        OptionalInt.of((int) vf.rate().maxMbps()),
        vf.spoofCheck(),
        vf.trust(),
        vf.linkState());
  }

  /// Those of the requested settings in which the VF now differs from before: setting them puts a
  /// half-made change back.
  public static VfSettings toPutBack(VfSettings asked, VfSettings before, VfSettings now) {
    return new VfSettings(
        differing(asked.adminMac(), before.adminMac(), now.adminMac()),
        differing(asked.vlan(), before.vlan(), now.vlan()),
        before.minTxRateMbps().equals(now.minTxRateMbps())
            ? OptionalInt.empty()
            : before.minTxRateMbps(),
        before.maxTxRateMbps().equals(now.maxTxRateMbps())
            ? OptionalInt.empty()
            : before.maxTxRateMbps(),
        differing(asked.spoofCheck(), before.spoofCheck(), now.spoofCheck()),
        differing(asked.trust(), before.trust(), now.trust()),
        differing(asked.linkState(), before.linkState(), now.linkState()));
  }

  private static <T> Optional<T> differing(Optional<T> asked, Optional<T> before, Optional<T> now) {
    return asked.isEmpty() || before.equals(now) ? Optional.empty() : before;
  }

  private static Optional<MacAddress> mac(HardwareAddress address) {
    return address.length() == MAC_OCTETS
        ? Optional.of(MacAddress.of(address.toBytes()))
        : Optional.empty();
  }

  private static long orElse(OptionalInt value, long other) {
    return value.isPresent() ? value.getAsInt() : other;
  }
}
