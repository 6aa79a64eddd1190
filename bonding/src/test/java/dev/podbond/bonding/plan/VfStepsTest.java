package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What to set on the PF's side, checked setting by setting.
class VfStepsTest {
  private static final LinkRef VF = LinkRef.host("vf0");
  private static final MacAddress MAC = new MacAddress(0x0211_0000_0001L);

  /// Each setting by itself, whatever its type.
  private static final List<Function<VfSettings, Object>> SETTINGS =
      List.of(
          VfSettings::adminMac,
          VfSettings::vlan,
          VfSettings::minTxRateMbps,
          VfSettings::maxTxRateMbps,
          VfSettings::spoofCheck,
          VfSettings::trust,
          VfSettings::linkState);

  private static final Function<VfSettings, Object> MIN_RATE = SETTINGS.get(2);
  private static final Function<VfSettings, Object> MAX_RATE = SETTINGS.get(3);

  /// Few values for each setting, so that two of them are often equal.
  private static VfSettings any(RandomGenerator random) {
    return new VfSettings(
        maybe(random, MAC, new MacAddress(MAC.bits() + 1)),
        maybe(random, VfVlan.NONE, new VfVlan(7, 1, VlanProtocol.DOT1AD)),
        maybeRate(random),
        maybeRate(random),
        maybe(random, true, false),
        maybe(random, true, false),
        maybe(random, VfLinkState.AUTO, VfLinkState.DISABLE));
  }

  @SafeVarargs
  private static <T> Optional<T> maybe(RandomGenerator random, T... values) {
    return random.nextInt(3) == 0
        ? Optional.empty()
        : Optional.of(values[random.nextInt(values.length)]);
  }

  private static OptionalInt maybeRate(RandomGenerator random) {
    return random.nextInt(3) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(2) * 100);
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

  private static boolean has(Object setting) {
    return !setting.equals(Optional.empty()) && !setting.equals(OptionalInt.empty());
  }

  @Test
  void whatWasSetIsUndoneToWhatWasBeforeAndNothingElse() {
    forEachPair(pair -> {
      VfSettings undo = VfSteps.undoOf(pair[0], pair[1]);
      for (Function<VfSettings, Object> setting : SETTINGS) {
        if (has(setting.apply(pair[0]))) {
          assertThat(setting.apply(undo)).isEqualTo(setting.apply(pair[1]));
        } else {
          assertThat(has(setting.apply(undo))).isFalse();
        }
      }
    });
  }

  @Test
  void whatIsSoAlreadyIsNotSetAgain() {
    forEachPair(pair -> {
      VfSettings wanted = pair[0];
      VfSettings now = pair[1];
      VfSettings left = VfSteps.without(wanted, now);
      for (Function<VfSettings, Object> setting : SETTINGS) {
        Object asked = setting.apply(wanted);
        if (setting != MIN_RATE && setting != MAX_RATE) {
          assertThat(has(setting.apply(left)))
              .isEqualTo(has(asked) && !asked.equals(setting.apply(now)));
        }
        if (has(setting.apply(left)) && has(asked)) {
          assertThat(setting.apply(left)).isEqualTo(asked);
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
          Stream.of(MIN_RATE, MAX_RATE)
              .anyMatch(
                  rate -> has(rate.apply(wanted)) && !rate.apply(wanted).equals(rate.apply(now)));
      for (Function<VfSettings, Object> rate : List.of(MIN_RATE, MAX_RATE)) {
        Object asked = has(rate.apply(wanted)) ? rate.apply(wanted) : rate.apply(now);
        assertThat(rate.apply(left)).isEqualTo(differs ? asked : OptionalInt.empty());
      }
    });
  }

  @Test
  void eachMessageMakesOneSettingAndTogetherTheyMakeAll() {
    forEachPair(pair -> {
      List<VfSettings> messages = VfSteps.singly(pair[0]);
      for (Function<VfSettings, Object> setting : SETTINGS) {
        assertThat(messages.stream().map(setting).filter(VfStepsTest::has).toList())
            .isEqualTo(Stream.of(setting.apply(pair[0])).filter(VfStepsTest::has).toList());
      }
      assertThat(messages)
          .allSatisfy(message ->
              assertThat(
                      SETTINGS.stream()
                          .filter(setting -> setting != MAX_RATE || !has(MIN_RATE.apply(message)))
                          .filter(setting -> has(setting.apply(message))))
                  .hasSize(1));
    });
  }

  @Test
  void allButTheMacIsWhatItSays() {
    forEachPair(pair -> {
      VfSettings rest = VfSteps.withoutMac(pair[0]);
      assertThat(rest.adminMac()).isEmpty();
      SETTINGS.stream()
          .skip(1)
          .forEach(setting -> assertThat(setting.apply(rest)).isEqualTo(setting.apply(pair[0])));
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
