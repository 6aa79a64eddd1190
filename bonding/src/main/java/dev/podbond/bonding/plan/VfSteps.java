package dev.podbond.bonding.plan;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// Computes which VF settings to make, one at a time, and which to set back.
final class VfSteps {
  private VfSteps() {}

  /// The settings to make so that a VF with these present settings is as configured. It skips
  /// settings that are right already, since many NICs refuse even the value they have (igb: link
  /// state `auto`). It always includes the administrative MAC: a PF that reports a MAC does not
  /// necessarily insist on it.
  static VfSettings needed(VfConfig config, VfSettings now) {
    VfSettings wanted = config.settings();
    VfSettings rest = without(withoutMac(wanted), now);
    return new VfSettings(
        config.mac().or(wanted::adminMac),
        rest.vlan(),
        rest.minTxRateMbps(),
        rest.maxTxRateMbps(),
        rest.spoofCheck(),
        rest.trust(),
        rest.linkState());
  }

  /// The settings without those that are right already. The two rates are one setting
  /// (`IFLA_VF_RATE`): if one differs, both stay, and the other keeps its value.
  static VfSettings without(VfSettings wanted, VfSettings now) {
    boolean rates =
        differs(wanted.minTxRateMbps(), now.minTxRateMbps())
            || differs(wanted.maxTxRateMbps(), now.maxTxRateMbps());
    return new VfSettings(
        without(wanted.adminMac(), now.adminMac()),
        without(wanted.vlan(), now.vlan()),
        rates ? either(wanted.minTxRateMbps(), now.minTxRateMbps()) : OptionalInt.empty(),
        rates ? either(wanted.maxTxRateMbps(), now.maxTxRateMbps()) : OptionalInt.empty(),
        without(wanted.spoofCheck(), now.spoofCheck()),
        without(wanted.trust(), now.trust()),
        without(wanted.linkState(), now.linkState()));
  }

  /// The former values of all that was set. A value that the NIC did not report cannot be set back.
  static VfSettings undoOf(VfSettings set, VfSettings before) {
    return new VfSettings(
        before.adminMac().filter(_ -> set.adminMac().isPresent()),
        before.vlan().filter(_ -> set.vlan().isPresent()),
        set.minTxRateMbps().isPresent() ? before.minTxRateMbps() : OptionalInt.empty(),
        set.maxTxRateMbps().isPresent() ? before.maxTxRateMbps() : OptionalInt.empty(),
        before.spoofCheck().filter(_ -> set.spoofCheck().isPresent()),
        before.trust().filter(_ -> set.trust().isPresent()),
        before.linkState().filter(_ -> set.linkState().isPresent()));
  }

  /// Each setting by itself, because a PF driver may refuse the third of a message after it has
  /// made the first two.
  static List<VfSettings> singly(VfSettings settings) {
    VfSettings none = VfSettings.NONE;
    return Stream.of(
            with(settings, settings.adminMac(), false, false, false, false, false),
            with(settings, Optional.empty(), true, false, false, false, false),
            with(settings, Optional.empty(), false, true, false, false, false),
            with(settings, Optional.empty(), false, false, true, false, false),
            with(settings, Optional.empty(), false, false, false, true, false),
            with(settings, Optional.empty(), false, false, false, false, true))
        .filter(one -> !one.equals(none))
        .toList();
  }

  static VfSettings withoutMac(VfSettings settings) {
    return with(settings, Optional.empty(), true, true, true, true, true);
  }

  static VfSettings adminMac(MacAddress mac) {
    return with(VfSettings.NONE, Optional.of(mac), false, false, false, false, false);
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

  private static VfSettings with(
      VfSettings settings,
      Optional<MacAddress> mac,
      boolean vlan,
      boolean rates,
      boolean spoofCheck,
      boolean trust,
      boolean linkState) {
    return new VfSettings(
        mac,
        settings.vlan().filter(_ -> vlan),
        rates ? settings.minTxRateMbps() : OptionalInt.empty(),
        rates ? settings.maxTxRateMbps() : OptionalInt.empty(),
        settings.spoofCheck().filter(_ -> spoofCheck),
        settings.trust().filter(_ -> trust),
        settings.linkState().filter(_ -> linkState));
  }

  private static <T> Optional<T> without(Optional<T> wanted, Optional<T> now) {
    return wanted.equals(now) ? Optional.empty() : wanted;
  }

  private static boolean differs(OptionalInt wanted, OptionalInt now) {
    return wanted.isPresent() && !wanted.equals(now);
  }

  private static OptionalInt either(OptionalInt wanted, OptionalInt now) {
    return wanted.isPresent() ? wanted : now;
  }
}
