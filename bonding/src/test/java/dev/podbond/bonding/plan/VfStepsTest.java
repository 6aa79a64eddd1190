package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// What to set on the PF's side, checked setting by setting.
class VfStepsTest {
  private static final LinkRef VF = LinkRef.host("vf0");
  private static final MacAddress MAC = new MacAddress(0x0211_0000_0001L);
  private static final List<VfSetting<Integer>> RATES =
      List.of(VfSetting.MIN_TX_RATE_MBPS, VfSetting.MAX_TX_RATE_MBPS);

  /// Few values for each setting, so that two of them are often equal.
  private static VfSettings any(RandomGenerator random) {
    return VfSettings.NONE
        .with(VfSetting.ADMIN_MAC, maybe(random, MAC, new MacAddress(MAC.bits() + 1)))
        .with(VfSetting.VLAN, maybe(random, VfVlan.NONE, new VfVlan(7, 1, VlanProtocol.DOT1AD)))
        .with(VfSetting.MIN_TX_RATE_MBPS, maybe(random, 0, 100))
        .with(VfSetting.MAX_TX_RATE_MBPS, maybe(random, 0, 100))
        .with(VfSetting.SPOOF_CHECK, maybe(random, true, false))
        .with(VfSetting.TRUST, maybe(random, true, false))
        .with(VfSetting.LINK_STATE, maybe(random, VfLinkState.AUTO, VfLinkState.DISABLE));
  }

  @SafeVarargs
  private static <T> Optional<T> maybe(RandomGenerator random, T... values) {
    return random.nextInt(3) == 0
        ? Optional.empty()
        : Optional.of(values[random.nextInt(values.length)]);
  }

  /// What holds for any two settings; a failure names the seed of the two.
  private static void forEachPair(Consumer<VfSettings[]> check) {
    for (long seed : RandomWorlds.seeds(500)) {
      Random random = new Random(seed);
      try {
        check.accept(new VfSettings[] {any(random), any(random)});
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void whatWasSetIsUndoneToWhatWasBeforeAndNothingElse() {
    forEachPair(pair -> {
      VfSettings undo = VfSteps.undoOf(pair[0], pair[1]);
      for (VfSetting<?> setting : VfSetting.ALL) {
        assertThat(undo.get(setting))
            .isEqualTo(pair[0].has(setting) ? pair[1].get(setting) : Optional.empty());
      }
    });
  }

  @Test
  void whatIsSoAlreadyIsNotSetAgain() {
    forEachPair(pair -> {
      VfSettings wanted = pair[0];
      VfSettings now = pair[1];
      VfSettings left = VfSteps.without(wanted, now);
      for (VfSetting<?> setting : VfSetting.ALL) {
        if (!RATES.contains(setting)) {
          assertThat(left.has(setting))
              .isEqualTo(wanted.has(setting) && !wanted.get(setting).equals(now.get(setting)));
        }
        if (left.has(setting) && wanted.has(setting)) {
          assertThat(left.get(setting)).isEqualTo(wanted.get(setting));
        }
      }
    });
  }

  /// The kernel's message carries both (`struct ifla_vf_rate`): the rate that was not requested
  /// stays.
  @Test
  void bothRatesAreSetIfOneDiffers() {
    forEachPair(pair -> {
      VfSettings wanted = pair[0];
      VfSettings now = pair[1];
      VfSettings left = VfSteps.without(wanted, now);
      boolean differs =
          RATES.stream()
              .anyMatch(rate -> wanted.has(rate) && !wanted.get(rate).equals(now.get(rate)));
      for (VfSetting<Integer> rate : RATES) {
        Optional<Integer> asked = wanted.get(rate).or(() -> now.get(rate));
        assertThat(left.get(rate)).isEqualTo(differs ? asked : Optional.empty());
      }
    });
  }

  @Test
  void eachMessageMakesOneSettingAndTogetherTheyMakeAll() {
    forEachPair(pair -> {
      List<VfSettings> messages = VfSteps.singly(pair[0]);
      assertThat(messages.stream().reduce(VfSettings.NONE, VfSettings::or)).isEqualTo(pair[0]);
      assertThat(messages.stream().mapToInt(message -> message.present().size()).sum())
          .isEqualTo(pair[0].present().size());
      assertThat(messages)
          .allSatisfy(message ->
              assertThat(message.present())
                  .satisfiesAnyOf(
                      one -> assertThat(one).hasSize(1),
                      both -> assertThat(both).isEqualTo(Set.copyOf(RATES))));
    });
  }

  @Test
  void allButTheMacIsWhatItSays() {
    forEachPair(pair -> {
      VfSettings rest = VfSteps.withoutMac(pair[0]);
      assertThat(rest.adminMac()).isEmpty();
      assertThat(rest.with(VfSetting.ADMIN_MAC, pair[0].adminMac())).isEqualTo(pair[0]);
    });
    assertThat(VfSteps.adminMac(MAC).adminMac()).contains(MAC);
    assertThat(VfSteps.withoutMac(VfSteps.adminMac(MAC))).isEqualTo(VfSettings.NONE);
  }

  @Test
  void aVfTakesItsPfsMacOverByGoingUpUnlessThereIsNone() {
    assertThat(VfSteps.adoption(VF, MAC))
        .containsExactly(new SetAdminState(VF, true), new SetAdminState(VF, false));
    assertThat(VfSteps.adoption(VF, new MacAddress(0))).isEmpty();
  }
}
