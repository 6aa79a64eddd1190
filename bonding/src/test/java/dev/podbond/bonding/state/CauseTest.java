package dev.podbond.bonding.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is said of a change is its cause, and never more than is known.
final class CauseTest {
  private static final PciAddress PF = PciAddress.parse("0000:01:00.0").orElseThrow();
  private static final List<ConfiguredMember> CONFIGURED =
      List.of(vf("net1", "0000:01:10.0"), vf("net2", "0000:01:10.2"));

  private static ConfiguredMember vf(String name, String pci) {
    return new ConfiguredMember(
        name,
        PciAddress.parse(pci),
        Optional.of(new Pf("ens1f0", Optional.of(PF))),
        Optional.empty());
  }

  private static MemberState member(String name, boolean carrier, boolean miiUp) {
    return new MemberState(name, carrier, miiUp, false, 0);
  }

  private static BondState bond(String active, MemberState... members) {
    return new BondState(
        "bond0",
        BondMode.ACTIVE_BACKUP,
        LinkMonitoring.MIIMON,
        Optional.of(active).filter(name -> !name.isEmpty()),
        true,
        List.of(members),
        Optional.empty(),
        List.of());
  }

  private static final BondState WELL =
      bond("net1", member("net1", true, true), member("net2", true, true));

  private static Cause whole(BondState before, BondState now, Optional<Boolean> pfCarrier) {
    Cause cause =
        Cause.of(before, now, CONFIGURED, pf -> pf.equals(PF) ? pfCarrier : Optional.empty());
    assertThat(Cause.ofJson(cause.toJson())).isEqualTo(cause);
    return cause;
  }

  private static String cause(BondState before, BondState now, Optional<Boolean> pfCarrier) {
    return whole(before, now, pfCarrier).words();
  }

  /// Whether all of it is that members came back, in whatever words and order.
  @Test
  void aRecoveryIsOneOnlyIfNothingElseIsBehindTheChange() {
    Optional<Boolean> carrier = Optional.of(true);
    MemberState up = member("net2", true, true);
    MemberState down = member("net2", false, false);
    BondState first = bond("net2", member("net1", false, false), up);
    BondState second = bond("net1", member("net1", true, true), down);
    BondState without = bond("net2", up);
    BondState held = holding(WELL, BondProblem.HeldBack.Where.INSIDE);
    assertThat(whole(first, WELL, carrier).isRecovery()).isTrue();
    assertThat(whole(second, WELL, carrier).isRecovery()).isTrue();
    assertThat(whole(without, WELL, carrier).isRecovery()).isTrue();
    assertThat(whole(held, WELL, carrier).isRecovery()).isTrue();

    assertThat(whole(WELL, first, carrier).isRecovery()).isFalse();
    assertThat(whole(WELL, without, carrier).isRecovery()).isFalse();
    assertThat(whole(WELL, held, carrier).isRecovery()).isFalse();
    assertThat(whole(WELL, WELL, carrier)).isEqualTo(Cause.UNKNOWN);
    Cause swapped = whole(second, first, carrier);
    assertThat(swapped.words()).endsWith(" again");
    assertThat(swapped.isRecovery()).as("%s", swapped).isFalse();
  }

  /// As one of another release may put it.
  @Test
  void whatIsNotMarkedIsNoRecovery() throws Exception {
    for (String mark : List.of("", ", \"recovery\": false", ", \"recovery\": \"true\"")) {
      JsonObject change = Json.parseObject("{\"cause\": \"net1 has its link again\"" + mark + "}");
      assertThat(Cause.ofJson(change).isRecovery()).as(mark).isFalse();
    }
    assertThat(Cause.ofJson(JsonObject.of())).isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void aPfWithoutCarrierIsNamedOnceForAllItsMembers() {
    BondState one = bond("net2", member("net1", false, false), member("net2", true, true));
    BondState both = bond("", member("net1", false, false), member("net2", false, false));
    String pf = "PF ens1f0 (0000:01:00.0) has no carrier";
    assertThat(cause(WELL, one, Optional.of(false))).isEqualTo(pf);
    assertThat(cause(WELL, both, Optional.of(false))).isEqualTo(pf);
  }

  @Test
  void aMemberThatFailedByItselfIsTold() {
    BondState one = bond("net2", member("net1", false, false), member("net2", true, true));
    assertThat(cause(WELL, one, Optional.of(true)))
        .isEqualTo("net1 has no link, though its PF ens1f0 (0000:01:00.0) has a carrier");
    assertThat(cause(WELL, one, Optional.empty())).isEqualTo("net1 has no link");
  }

  @Test
  void monitoringMayFindALinkDeadThatHasACarrier() {
    BondState held = bond("net2", member("net1", true, false), member("net2", true, true));
    assertThat(cause(WELL, held, Optional.of(true)))
        .isEqualTo("the bond's link monitoring considers net1 dead");
  }

  @Test
  void whatComesBackAndWhatLeavesIsTold() {
    BondState down = bond("net2", member("net1", false, true), member("net2", true, true));
    BondState without = bond("net2", member("net2", true, true));
    assertThat(cause(down, WELL, Optional.of(true))).isEqualTo("net1 has its link again");
    assertThat(cause(WELL, without, Optional.of(true)))
        .isEqualTo("net1 is not in the bond any more");
    assertThat(cause(without, WELL, Optional.of(true))).isEqualTo("net1 is in the bond again");
    assertThat(cause(without, without, Optional.of(true))).isEmpty();
    assertThat(cause(without, down, Optional.of(true))).as("that it is down is no cause").isEmpty();
  }

  /// Somebody looked after the link had gone and before the bond's monitor had seen it.
  @Test
  void whatABondDoesLaterHasTheCauseThatItHas() {
    String pf = "PF ens1f0 (0000:01:00.0) has no carrier";
    BondState noticed = bond("net1", member("net1", false, true), member("net2", true, true));
    BondState failedOver = bond("net2", member("net1", false, false), member("net2", true, true));
    assertThat(cause(WELL, noticed, Optional.of(false))).isEqualTo(pf);
    assertThat(cause(noticed, failedOver, Optional.of(false))).isEqualTo(pf);
    assertThat(cause(noticed, failedOver, Optional.empty())).isEqualTo("net1 has no link");

    BondState last = bond("net2", member("net1", false, false), member("net2", false, true));
    BondState down =
        new BondState(
            "bond0",
            BondMode.ACTIVE_BACKUP,
            LinkMonitoring.MIIMON,
            Optional.empty(),
            false,
            List.of(member("net1", false, false), member("net2", false, false)),
            Optional.empty(),
            List.of());
    assertThat(cause(failedOver, last, Optional.of(false))).isEqualTo(pf);
    assertThat(cause(last, down, Optional.of(false))).isEqualTo(pf);
  }

  @Test
  void aLinkThatIsBackBeforeAnybodyLooksIsTold() {
    BondState flapped =
        bond("net2", new MemberState("net1", true, true, false, 1), member("net2", true, true));
    assertThat(cause(WELL, flapped, Optional.of(true))).isEqualTo("net1 had no link for a moment");
  }

  private static BondState holding(BondState bond, BondProblem.HeldBack.Where where) {
    return bond.holding(
        List.of(
            new BondProblem.HeldBack(
                "net1", new Pf("ens1f0", Optional.of(PF)), "lacp: no partner", where)));
  }

  /// Its link is as good as before, and nobody preferred another.
  @Test
  void ofAMemberThatIsHeldBackTheUplinkIsTheCause() {
    String uplink = "the uplink of PF ens1f0 (0000:01:00.0) is bad, lacp: no partner";
    Optional<Boolean> carrier = Optional.of(true);
    BondState told = holding(WELL, BondProblem.HeldBack.Where.INSIDE);
    BondState other = bond("net2", member("net1", true, true), member("net2", true, true));
    BondState left = holding(other, BondProblem.HeldBack.Where.INSIDE);
    assertThat(cause(WELL, left, carrier)).isEqualTo(uplink);
    assertThat(cause(WELL, told, carrier)).as("it is written down first").isEqualTo(uplink);
    assertThat(cause(told, left, carrier)).as("and then done").isEqualTo(uplink);
    assertThat(cause(left, other, carrier)).isEqualTo("net1 may be used again");

    BondState before = holding(WELL, BondProblem.HeldBack.Where.OUTSIDE);
    BondState out =
        holding(bond("net2", member("net2", true, true)), BondProblem.HeldBack.Where.OUTSIDE);
    assertThat(cause(before, out, carrier)).isEqualTo(uplink);
    assertThat(cause(out, before, carrier)).isEqualTo("net1 is in the bond again");
  }

  @Test
  void ofAMemberThatFailsWhileItIsHeldBackItsLinkIsTheCause() {
    BondState held =
        holding(
            bond("net2", member("net1", true, true), member("net2", true, true)),
            BondProblem.HeldBack.Where.INSIDE);
    BondState failed =
        holding(
            bond("net2", member("net1", false, false), member("net2", true, true)),
            BondProblem.HeldBack.Where.INSIDE);
    assertThat(cause(held, failed, Optional.of(false)))
        .isEqualTo("PF ens1f0 (0000:01:00.0) has no carrier");
    assertThat(cause(failed, held, Optional.of(true))).isEqualTo("net1 has its link again");
  }

  @Test
  void ofALinkThatIsNoMemberOfOursNothingIsKnown() {
    BondState foreign =
        bond(
            "dummy0",
            member("net1", true, true),
            member("net2", true, true),
            member("dummy0", true, true));
    assertThat(cause(WELL, foreign, Optional.of(true))).isEmpty();
    assertThat(cause(foreign, WELL, Optional.of(true))).isEmpty();
  }

  @Test
  void anActiveMemberThatChangesWithoutALinkWasChosen() {
    BondState other = bond("net2", member("net1", true, true), member("net2", true, true));
    assertThat(cause(WELL, other, Optional.of(true))).startsWith("no link changed");
    assertThat(cause(WELL, WELL, Optional.of(true))).isEmpty();
  }
}
