package dev.podbond.node.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.VfSettings;
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

class VfSettingsOnWireTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:07").orElseThrow();
  private static final VfSettings ALL =
      new VfSettings(
          Optional.of(MAC),
          Optional.of(new VfVlan(100, 3, VlanProtocol.DOT1AD)),
          OptionalInt.of(10),
          OptionalInt.of(1000),
          Optional.of(false),
          Optional.of(true),
          Optional.of(VfLinkState.DISABLE));

  @Test
  void whatIsSetIsReadBack() {
    assertThat(VfSettingsOnWire.decode(as(VfSettingsOnWire.encode(3, ALL, VfRate.UNLIMITED))))
        .isEqualTo(ALL);
  }

  @ParameterizedTest
  @EnumSource(VfLinkState.class)
  void everyLinkStateIsReadBack(VfLinkState state) {
    VfSettings settings = with(Optional.of(state), OptionalInt.empty());
    assertThat(VfSettingsOnWire.encode(3, settings, VfRate.UNLIMITED).linkState())
        .map(Enum::name)
        .contains(state.name());
  }

  @Test
  void whatIsNotAskedForIsNotSent() {
    VfChange change = VfSettingsOnWire.encode(3, VfSettings.NONE, new VfRate(1, 2));
    assertThat(change).isEqualTo(VfChange.of(3));
  }

  @Test
  void theRateThatIsNotToChangeGoesAlongAsItIs() {
    VfSettings onlyMax = with(Optional.empty(), OptionalInt.of(500));
    assertThat(VfSettingsOnWire.encode(3, onlyMax, new VfRate(20, 900)).rate())
        .contains(new VfRate(20, 500));
  }

  @Test
  void onlyWhatWasAskedForAndIsNoLongerAsBeforeIsPutBack() {
    VfSettings before =
        new VfSettings(
            Optional.of(MacAddress.ZERO),
            Optional.of(VfVlan.NONE),
            OptionalInt.of(0),
            OptionalInt.of(0),
            Optional.of(true),
            Optional.of(false),
            Optional.empty());
    VfSettings now =
        new VfSettings(
            Optional.of(MAC),
            Optional.of(VfVlan.NONE),
            OptionalInt.of(0),
            OptionalInt.of(1000),
            Optional.of(true),
            Optional.of(true),
            Optional.empty());
    VfSettings asked =
        new VfSettings(
            Optional.of(MAC),
            ALL.vlan(),
            OptionalInt.empty(),
            OptionalInt.of(1000),
            Optional.of(false),
            Optional.empty(),
            Optional.empty());
    assertThat(VfSettingsOnWire.toPutBack(asked, before, now))
        .isEqualTo(
            new VfSettings(
                Optional.of(MacAddress.ZERO),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.of(0),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  /// A VF as the PF would report it after this change.
  private static Vf as(VfChange change) {
    return new Vf(
        change.index(),
        change.address().orElseThrow(),
        change.vlan().orElseThrow(),
        change.rate().orElseThrow(),
        change.spoofCheck(),
        change.linkState(),
        change.trust());
  }

  private static VfSettings with(Optional<VfLinkState> state, OptionalInt maxRate) {
    return new VfSettings(
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        maxRate,
        Optional.empty(),
        Optional.empty(),
        state);
  }
}
