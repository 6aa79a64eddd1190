package dev.podbond.node.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.link.Vf;
import dev.podbond.netlink.link.VfChange;
import dev.podbond.netlink.link.VfRate;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is asked of a VF, beside the message that asks its PF for it; and what a PF says, beside
/// what is known of the VF then.
class VfSettingsOnWireTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:07").orElseThrow();
  private static final HardwareAddress ADDRESS = HardwareAddress.of(new byte[] {2, 0, 0, 0, 0, 7});
  private static final VfVlan VLAN = new VfVlan(100, 3, VlanProtocol.DOT1AD);
  private static final VfRate NOW = new VfRate(20, 900);

  @Test
  void eachSettingIsAskedForInItsOwnPlace() {
    VfSettings settings =
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, MAC)
            .with(VfSetting.VLAN, VLAN)
            .with(VfSetting.MIN_TX_RATE_MBPS, 10)
            .with(VfSetting.MAX_TX_RATE_MBPS, 1000)
            .with(VfSetting.SPOOF_CHECK, false)
            .with(VfSetting.TRUST, true)
            .with(VfSetting.LINK_STATE, VfLinkState.DISABLE);

    assertThat(VfSettingsOnWire.encode(3, settings, NOW))
        .isEqualTo(
            VfChange.of(3)
                .address(ADDRESS)
                .vlan(VLAN)
                .rate(new VfRate(10, 1000))
                .spoofCheck(false)
                .linkState(VfLinkState.DISABLE)
                .trust(true));
  }

  @Test
  void whatIsNotAskedForIsNotSent() {
    assertThat(VfSettingsOnWire.encode(3, VfSettings.NONE, NOW)).isEqualTo(VfChange.of(3));
  }

  /// The kernel sets both at once.
  @Test
  void theRateThatIsNotToChangeGoesAlongAsItIs() {
    assertThat(VfSettingsOnWire.encode(3, rates(OptionalInt.empty(), OptionalInt.of(500)), NOW))
        .isEqualTo(VfChange.of(3).rate(new VfRate(20, 500)));
    assertThat(VfSettingsOnWire.encode(3, rates(OptionalInt.of(0), OptionalInt.empty()), NOW))
        .isEqualTo(VfChange.of(3).rate(new VfRate(0, 900)));
  }

  @Test
  void whatThePfSaysOfAVfIsKnownOfIt() {
    Vf vf =
        new Vf(
            3,
            ADDRESS,
            VLAN,
            NOW,
            Optional.of(true),
            Optional.of(VfLinkState.ENABLE),
            Optional.of(false));

    assertThat(VfSettingsOnWire.decode(vf))
        .isEqualTo(
            VfSettings.NONE
                .with(VfSetting.ADMIN_MAC, MAC)
                .with(VfSetting.VLAN, VLAN)
                .with(VfSetting.MIN_TX_RATE_MBPS, 20)
                .with(VfSetting.MAX_TX_RATE_MBPS, 900)
                .with(VfSetting.SPOOF_CHECK, true)
                .with(VfSetting.TRUST, false)
                .with(VfSetting.LINK_STATE, VfLinkState.ENABLE));
  }

  /// Drivers leave out what they do not support.
  @Test
  void whatThePfDoesNotSayIsNotKnown() {
    VfSettings known = VfSettingsOnWire.decode(silent(ADDRESS, Optional.empty()));

    assertThat(known.spoofCheck()).isEmpty();
    assertThat(known.trust()).isEmpty();
    assertThat(known.linkState()).isEmpty();
  }

  /// InfiniBand's has 20 octets.
  @Test
  void anAddressThatIsNoMacIsNotKnown() {
    HardwareAddress infiniband = HardwareAddress.of(new byte[20]);

    assertThat(VfSettingsOnWire.decode(silent(infiniband, Optional.empty())).adminMac()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(VfLinkState.class)
  void everyLinkStateIsAskedForAndReadAsItIs(VfLinkState state) {
    VfSettings settings = VfSettings.NONE.with(VfSetting.LINK_STATE, state);

    assertThat(VfSettingsOnWire.encode(3, settings, NOW))
        .isEqualTo(VfChange.of(3).linkState(state));
    assertThat(VfSettingsOnWire.decode(silent(ADDRESS, Optional.of(state))).linkState())
        .contains(state);
  }

  @Test
  void onlyWhatWasAskedForAndIsNoLongerAsBeforeIsPutBack() {
    VfSettings before =
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, MacAddress.ZERO)
            .with(VfSetting.VLAN, VfVlan.NONE)
            .with(VfSetting.MIN_TX_RATE_MBPS, 0)
            .with(VfSetting.MAX_TX_RATE_MBPS, 0)
            .with(VfSetting.SPOOF_CHECK, true)
            .with(VfSetting.TRUST, false);
    VfSettings now =
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, MAC)
            .with(VfSetting.VLAN, VfVlan.NONE)
            .with(VfSetting.MIN_TX_RATE_MBPS, 0)
            .with(VfSetting.MAX_TX_RATE_MBPS, 1000)
            .with(VfSetting.SPOOF_CHECK, true)
            .with(VfSetting.TRUST, true);
    VfSettings asked =
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, MAC)
            .with(VfSetting.VLAN, VLAN)
            .with(VfSetting.MAX_TX_RATE_MBPS, 1000)
            .with(VfSetting.SPOOF_CHECK, false);
    assertThat(VfSettingsOnWire.toPutBack(asked, before, now))
        .isEqualTo(
            VfSettings.NONE
                .with(VfSetting.ADMIN_MAC, MacAddress.ZERO)
                .with(VfSetting.MAX_TX_RATE_MBPS, 0));
  }

  /// A VF whose PF says no more than it must.
  private static Vf silent(HardwareAddress address, Optional<VfLinkState> state) {
    return new Vf(
        3, address, VfVlan.NONE, VfRate.UNLIMITED, Optional.empty(), state, Optional.empty());
  }

  private static VfSettings rates(OptionalInt minimum, OptionalInt maximum) {
    return VfSettings.NONE
        .with(VfSetting.MIN_TX_RATE_MBPS, minimum)
        .with(VfSetting.MAX_TX_RATE_MBPS, maximum);
  }
}
