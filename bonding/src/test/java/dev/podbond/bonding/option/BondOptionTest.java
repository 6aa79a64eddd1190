package dev.podbond.bonding.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.value.MacAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BondOptionTest {
  @Test
  void theTableHoldsAttributes1To34InOrder() {
    assertThat(Stream.of(BondOption.values()).map(BondOption::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 34).boxed().toList());
  }

  @Test
  void noTwoOptionsShareAKeyInAnyCaseOfLetters() {
    List<String> keys =
        Stream.of(BondOption.values())
            .flatMap(option -> Stream.concat(Stream.of(option.key()), option.aliases().stream()))
            .map(key -> key.toLowerCase(Locale.ROOT))
            .toList();

    assertThat(keys).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(BondOption.class)
  void isFoundByItsNumber(BondOption option) {
    assertThat(BondOption.of(option.number())).contains(option);
  }

  @Test
  void aNewerAttributeIsNoOption() {
    assertThat(BondOption.of(35)).isEmpty();
    assertThat(BondOption.of(0)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(BondOption.class)
  void hasADefaultThatTheKernelWouldTake(BondOption option) {
    switch (option.domain()) {
      case OptionDomain.Range range ->
          assertThat(option.defaultNumber()).isBetween(range.min(), range.max());
      case OptionDomain.Choice choice ->
          assertThat(choice.name(option.defaultNumber())).isPresent();
      case OptionDomain.Flag _ -> assertThat(option.defaultNumber()).isBetween(0L, 1L);
      case OptionDomain.Targets _,
          OptionDomain.MacValue _,
          OptionDomain.Member _,
          OptionDomain.NotSettable _ ->
          assertThat(option.defaultNumber()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(BondOption.class)
  void isUsedOnlyInModesThatAcceptIt(BondOption option) {
    assertThat(option.modes().accepted()).containsAll(option.modes().effective());
    assertThat(option.modes().effective()).isNotEmpty();
  }

  /// The numbers of include/uapi/linux/if_bonding.h and net/bonding.h.
  @ParameterizedTest
  @CsvSource({
    "MODE, 0, balance-rr",
    "MODE, 1, active-backup",
    "MODE, 2, balance-xor",
    "MODE, 3, broadcast",
    "MODE, 4, 802.3ad",
    "MODE, 5, balance-tlb",
    "MODE, 6, balance-alb",
    "MODE, 7, 7",
    "ARP_VALIDATE, 3, all",
    "ARP_VALIDATE, 6, filter_backup",
    "ARP_ALL_TARGETS, 1, all",
    "PRIMARY_RESELECT, 2, failure",
    "FAIL_OVER_MAC, 1, active",
    "FAIL_OVER_MAC, 2, follow",
    "XMIT_HASH_POLICY, 0, layer2",
    "XMIT_HASH_POLICY, 1, layer3+4",
    "XMIT_HASH_POLICY, 2, layer2+3",
    "XMIT_HASH_POLICY, 3, encap2+3",
    "XMIT_HASH_POLICY, 4, encap3+4",
    "XMIT_HASH_POLICY, 5, vlan+srcmac",
    "LACP_RATE, 1, fast",
    "AD_SELECT, 2, count",
    "TLB_DYNAMIC_LB, 0, off",
    "TLB_DYNAMIC_LB, 1, on",
    "MIIMON, 100, 100",
  })
  void showsNumbersAsTheKernelNamesThem(BondOption option, long number, String shown) {
    assertThat(option.show(new OptionValue.Number(number))).isEqualTo(shown);
  }

  @Test
  void showsOtherValuesAsTheyAre() {
    assertThat(new OptionValue.Number(3)).as("by itself").hasToString("3");
    assertThat(BondOption.PRIMARY.show(new OptionValue.MemberName("net1"))).isEqualTo("net1");
    assertThat(BondOption.AD_ACTOR_SYSTEM.show(new OptionValue.Mac(new MacAddress(0x02L << 40))))
        .isEqualTo("02:00:00:00:00:00");
    assertThat(BondOption.ARP_IP_TARGET.show(new OptionValue.Number(3)))
        .as("what no kernel reports")
        .isEqualTo("3");
  }

  @ParameterizedTest
  @EnumSource(BondOption.class)
  void isCalledByItsKey(BondOption option) {
    assertThat(option).hasToString(option.key());
  }

  @Test
  void aChoiceNumbersItsNamesFromZero() {
    OptionDomain.Choice rate = OptionDomain.Choice.of("slow", "fast");
    assertThat(rate.number("FAST")).hasValue(1);
    assertThat(rate.name(0)).contains("slow");
    assertThat(rate.number("medium")).isEmpty();
    assertThat(rate.name(2)).isEmpty();
    assertThat(rate.name(-1)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(BondMode.class)
  void theChoiceOfModesKnowsTheirAliases(BondMode mode) {
    OptionDomain.Choice modes = OptionDomain.Choice.ofModes();
    assertThat(modes.number(mode.toString())).hasValue(mode.number());
    assertThat(mode.aliases())
        .allSatisfy(alias -> assertThat(modes.number(alias)).hasValue(mode.number()));
  }

  @Test
  void aModeHasTheAliasesThatAreInUse() {
    assertThat(BondMode.LACP.aliases()).containsExactly("lacp", "8023ad");
    assertThat(BondMode.BROADCAST.aliases()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(BondMode.class)
  void theOptionModeAndTheModesHaveTheSameNumbers(BondMode mode) {
    assertThat(BondOption.MODE.show(new OptionValue.Number(mode.number())))
        .isEqualTo(mode.toString());
    assertThat(BondMode.of(mode.number())).contains(mode);
  }
}
