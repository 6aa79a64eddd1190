package dev.podbond.bonding.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.value.MacAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What carrier and LACP of a PF's interface say of its uplink.
final class PfPortTest {
  /// As both sides of a port show it when all is well, with a fast partner.
  private static final int ALL_WELL = 0x3f;

  private static PfPort lacp(int actor, int partner) {
    return new PfPort.Seen(
        true,
        true,
        new HostMaster.Lacp(
            "up0", Optional.of(new PortState(actor)), Optional.of(new PortState(partner))));
  }

  @Test
  void aPortThatBothSidesUseIsGood() {
    assertThat(lacp(ALL_WELL, ALL_WELL).lacp()).isEqualTo(Reading.good());
    assertThat(lacp(0x3c, 0x3d).lacp())
        .as("a passive or slow side is one too")
        .isEqualTo(Reading.good());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // A partner that fell silent: first expired, then what is assumed without one.
        "0xb7 | 0x37 | this side is expired, not in sync; the partner is not in sync",
        "0x45 | 0x01 | this side is defaulted, not in sync, not collecting, not distributing; the"
            + " partner is not aggregating, not in sync, not collecting, not distributing",
        // A partner that took itself out.
        "0x0f | 0x07 | this side is not collecting, not distributing; the partner is not in sync,"
            + " not collecting, not distributing",
        "0x3f | 0x1f | the partner is not distributing",
      })
  void everyFlagThatIsMissingMakesItBadAndIsNamed(String actor, String partner, String faults) {
    assertThat(lacp(Integer.decode(actor), Integer.decode(partner)).lacp())
        .isEqualTo(new Reading.Bad("LACP of the host's bond up0: " + faults));
  }

  @Test
  void onlyFourFlagsMatterAndTwoMustBeAbsent() {
    for (int bits = 0; bits < 1 << 8; bits++) {
      assertThat(new PortState(bits).isUsable())
          .as("state %02x", bits)
          .isEqualTo((bits & 0x3c) == 0x3c && (bits & 0xc0) == 0);
    }
  }

  @Test
  void wherePfsHaveNoLacpNothingIsKnownWhateverTheCarrier() {
    for (boolean carrier : new boolean[] {true, false}) {
      assertThat(new PfPort.Seen(true, carrier, new HostMaster.None()).lacp())
          .isInstanceOf(Reading.Unknown.class);
      assertThat(
              new PfPort.Seen(
                      true, carrier, new HostMaster.Other("br0", "bond of mode active-backup"))
                  .lacp())
          .isEqualTo(
              new Reading.Unknown(
                  "it is in br0 of the host (bond of mode active-backup), of which the kernel tells no LACP"));
      assertThat(
              new PfPort.Seen(
                      true, carrier, new HostMaster.Lacp("up0", Optional.empty(), Optional.empty()))
                  .lacp())
          .isEqualTo(new Reading.Unknown("the host's bond up0 has no aggregator for it"));
    }
  }

  @Test
  void theCarrierCountsOnlyOfAnInterfaceThatIsUp() {
    HostMaster none = new HostMaster.None();
    assertThat(new PfPort.Seen(true, true, none).carrier()).isEqualTo(Reading.good());
    assertThat(new PfPort.Seen(true, false, none).carrier())
        .isEqualTo(new Reading.Bad("it has no carrier"));
    assertThat(new PfPort.Seen(false, true, none).carrier())
        .isEqualTo(new Reading.Bad("its interface on the host is down"));
  }

  @Test
  void whatCannotBeReadIsUnknownByEverySignal() {
    PfPort unseen = new PfPort.Unseen("it has no interface on the host");
    Reading unknown = new Reading.Unknown("it has no interface on the host");
    assertThat(unseen.carrier()).isEqualTo(unknown);
    assertThat(unseen.lacp()).isEqualTo(unknown);
    assertThat(unknown.toJson().toString())
        .isEqualTo("{\"state\":\"unknown\",\"why\":\"it has no interface on the host\"}");
    assertThat(Reading.good().toJson().toString()).isEqualTo("{\"state\":\"good\"}");
  }

  @Test
  void whatItIsPluggedIntoIsKnownByItsMaster() {
    MacAddress system = MacAddress.parse("00:1c:73:00:00:01").orElseThrow();
    assertThat(
            seen(new HostMaster.Lacp(
                    "up0", Optional.empty(), Optional.empty(), Optional.of(system)))
                .cabling())
        .contains(new Cabling(Optional.of("up0"), Optional.of(system), Optional.empty()));
    assertThat(seen(new HostMaster.Bond("up0", BondMode.ACTIVE_BACKUP)).cabling())
        .contains(new Cabling(Optional.of("up0"), Optional.empty(), Optional.empty()));
    assertThat(seen(new HostMaster.Other("br0", "bridge")).cabling()).contains(Cabling.UNKNOWN);
    assertThat(seen(new HostMaster.None()).cabling()).contains(Cabling.UNKNOWN);
    assertThat(new PfPort.Unseen("it is gone").cabling()).isEmpty();
    assertThat(seen(new HostMaster.Bond("up0", BondMode.ACTIVE_BACKUP)).lacp())
        .hasToString(
            "unknown: it is in up0 of the host (bond of mode active-backup), of which the kernel"
                + " tells no LACP");
  }

  private static PfPort seen(HostMaster master) {
    return new PfPort.Seen(true, true, master);
  }
}
