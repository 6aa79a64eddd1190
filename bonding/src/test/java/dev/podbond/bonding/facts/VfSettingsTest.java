package dev.podbond.bonding.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.value.VfLinkState;
import org.junit.jupiter.api.Test;

class VfSettingsTest {
  private static final VfSettings SOME =
      VfSettings.NONE.with(VfSetting.TRUST, true).with(VfSetting.LINK_STATE, VfLinkState.AUTO);

  @Test
  void areEmptyIfNothingIsKnown() {
    assertThat(VfSettings.NONE.isEmpty()).isTrue();
    assertThat(SOME.isEmpty()).isFalse();
    assertThat(SOME.only(setting -> setting == VfSetting.VLAN).isEmpty()).isTrue();
  }

  @Test
  void areEqualIfTheSameSettingsHaveTheSameValues() {
    VfSettings inAnotherOrder =
        VfSettings.NONE.with(VfSetting.LINK_STATE, VfLinkState.AUTO).with(VfSetting.TRUST, true);
    assertThat(SOME).isEqualTo(inAnotherOrder).hasSameHashCodeAs(inAnotherOrder);
    assertThat(SOME)
        .isNotEqualTo(VfSettings.NONE)
        .doesNotHaveSameHashCodeAs(VfSettings.NONE)
        .isNotEqualTo(SOME.with(VfSetting.TRUST, false))
        .isNotEqualTo(SOME.with(VfSetting.SPOOF_CHECK, false))
        .isNotEqualTo(SOME.only(setting -> setting == VfSetting.TRUST));
  }
}
