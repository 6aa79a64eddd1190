package dev.podbond.bonding.check;

import static dev.podbond.bonding.check.BondScene.MAC1;
import static dev.podbond.bonding.check.BondScene.MAC2;
import static dev.podbond.bonding.check.BondScene.ODD;
import static dev.podbond.bonding.check.BondScene.texts;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each difference of a bond as `CHECK` prints it, and what does not count as a difference.
class BondDifferenceTest {
  @Nested
  class OfABond {
    @Test
    void none() {
      BondScene bond = new BondScene().twoMembers();
      assertThat(bond.differences()).isEmpty();
      assertThat(bond.degradations()).isEmpty();
    }

    @Test
    void itIsGoneOrSomethingElse() {
      BondScene bond = new BondScene();
      assertThat(texts(Comparison.differences(bond.expectation(), new FactsBuilder().facts())))
          .containsExactly("bond0 in the pod: interface should be a bond, found nothing");
      NodeFacts veth = new FactsBuilder().link(inPod("bond0").kind("veth")).facts();
      assertThat(texts(Comparison.differences(bond.expectation(), veth)))
          .containsExactly("bond0 in the pod: interface should be a bond, found another kind");
      assertThat(Comparison.degradations(bond.expectation(), new FactsBuilder().facts())).isEmpty();
    }

    @Test
    void itsStateMtuAndAlternativeName() {
      BondScene bond = new BondScene().twoMembers();
      bond.bond.down().mtu(9000);
      bond.altName = Optional.of("net3");
      assertThat(bond.differences())
          .containsExactly(
              "bond0 in the pod: alternative name should be net3, found []",
              "bond0 in the pod: state should be up, found down",
              "bond0 in the pod: MTU should be 1500, found 9000");
    }

    @Test
    void anOptionThatSomebodyChanged() {
      BondScene bond = new BondScene().twoMembers();
      bond.reported = BondScene.options(BondMode.ACTIVE_BACKUP, 50);
      assertThat(bond.differences())
          .containsExactly("bond0 in the pod: option miimon should be 100, found 50");
    }

    @Test
    void aDelayCountsAsTheKernelRoundsIt() {
      BondScene bond = new BondScene().twoMembers();
      bond.asked =
          bond.asked
              .with(BondOption.UPDELAY, new OptionValue.Number(250))
              .with(BondOption.DOWNDELAY, new OptionValue.Number(300))
              .with(BondOption.PEER_NOTIF_DELAY, new OptionValue.Number(199));
      bond.reported =
          bond.asked
              .with(BondOption.UPDELAY, new OptionValue.Number(200))
              .with(BondOption.PEER_NOTIF_DELAY, new OptionValue.Number(100));
      assertThat(bond.differences()).isEmpty();
      bond.reported = bond.asked;
      assertThat(bond.differences())
          .containsExactly(
              "bond0 in the pod: option updelay should be 200, found 250",
              "bond0 in the pod: option peerNotifDelay should be 100, found 199");
    }

    @Test
    void withoutMiiMonitoringThereIsNothingToRoundADelayBy() {
      BondScene bond = new BondScene().twoMembers();
      bond.asked =
          BondScene.options(BondMode.ACTIVE_BACKUP, 0)
              .with(BondOption.UPDELAY, new OptionValue.Number(0));
      bond.reported = bond.asked;
      assertThat(bond.differences()).isEmpty();
    }

    @Test
    void anOptionThatAnOldKernelDoesNotKnowIsNamedWithTheFirstThatDoes() {
      BondScene bond = new BondScene().twoMembers().mode(BondMode.ACTIVE_BACKUP, 0);
      bond.asked = bond.asked.with(BondOption.PEER_NOTIF_DELAY, new OptionValue.Number(100));
      assertThat(bond.differences())
          .containsExactly(
              "bond0 in the pod: option peerNotifDelay should be 100, found nothing: this kernel"
                  + " ignored it (Linux has it from 5.3 on) or does not report it");
    }

    @Test
    void membersThatLeftCameOrChanged() {
      BondScene bond = new BondScene().member("net1", MAC1, true).member("eth7", MAC1, false);
      assertThat(bond.differences())
          .containsExactly(
              "net2 in the pod: master should be bond0, found no such interface",
              "eth7 in the pod: master should be none, found bond0");
      bond.links.add(inPod("net2"));
      assertThat(bond.differences())
          .contains("net2 in the pod: master should be bond0, found none");
      bond.links.removeLast();
      bond.links.add(inPod("net2").memberOf("other"));
      assertThat(bond.differences())
          .contains("net2 in the pod: master should be bond0, found other");
    }

    @Test
    void aMemberOfABondOfTheSameNameOnTheHostIsNoMember() {
      BondScene bond = new BondScene().twoMembers();
      bond.links.add(onHost("eth7").memberOf("bond0"));
      assertThat(bond.differences()).isEmpty();
    }

    @Test
    void aMemberOfAnotherBondOfThePodIsNoneOfThis() {
      BondScene bond = new BondScene().twoMembers();
      bond.links.add(inPod("other").bond(BondMode.ACTIVE_BACKUP));
      bond.links.add(inPod("eth7").memberOf("other"));
      assertThat(bond.differences()).isEmpty();
    }

    @Test
    void aMembersStateMtuAndOptions() {
      BondScene bond = new BondScene().twoMembers();
      bond.memberOptions = new MemberOptions(OptionalInt.of(-5), OptionalInt.of(1));
      bond.links
          .getFirst()
          .mtu(1400)
          .down()
          .member(
              new MemberFacts(
                  "bond0",
                  "bond",
                  true,
                  true,
                  Optional.of(MAC1),
                  0,
                  OptionalInt.empty(),
                  OptionalInt.of(2)));
      assertThat(bond.differences())
          .containsExactly(
              "net1 in the pod: state should be up, found down",
              "net1 in the pod: MTU should be 1500, found 1400",
              "net1 in the pod: prio should be -5, found nothing: this kernel ignored it or does"
                  + " not report it",
              "net1 in the pod: queue id should be 1, found 2");
    }

    @Test
    void itsVlanInterface() {
      BondScene bond = new BondScene().twoMembers();
      bond.vlan = Optional.of("bond0.5");
      assertThat(bond.differences())
          .containsExactly("bond0.5 in the pod: interface should be a VLAN, found nothing");
      bond.links.add(inPod("bond0.5").kind("veth"));
      assertThat(bond.differences())
          .containsExactly("bond0.5 in the pod: interface should be a VLAN, found another kind");
      bond.links.removeLast();
      bond.links.add(inPod("bond0.5").kind("vlan").down());
      assertThat(bond.differences())
          .containsExactly("bond0.5 in the pod: state should be up, found down");
      bond.links.removeLast();
      bond.links.add(inPod("bond0.5").kind("vlan"));
      assertThat(bond.differences()).isEmpty();
    }
  }

  @Nested
  class OfMacs {
    @ParameterizedTest
    @EnumSource(names = {"BALANCE_RR", "BALANCE_XOR", "BROADCAST", "LACP", "ACTIVE_BACKUP"})
    void oneIsShared(BondMode mode) {
      BondScene bond =
          new BondScene()
              .mode(mode, 0)
              .member("net1", MAC1, MAC1, true, true)
              .member("net2", MAC2, MAC2, true, true);
      assertThat(bond.differences())
          .containsExactly("net2 in the pod: MAC should be " + MAC1 + ", found " + MAC2);
    }

    @Test
    void eachMemberKeepsItsOwnAndTheBondHasThatOfTheActiveOne() {
      BondScene bond =
          new BondScene()
              .mode(BondMode.ACTIVE_BACKUP, 1)
              .member("net1", MAC1, false)
              .member("net2", MAC2, true);
      assertThat(bond.differences())
          .containsExactly(
              "bond0 in the pod: MAC should be "
                  + MAC2
                  + " of the active member net2, found "
                  + MAC1);
      assertThat(bond.mac(MAC2).differences()).isEmpty();

      BondScene changed =
          new BondScene()
              .mode(BondMode.ACTIVE_BACKUP, 1)
              .member("net1", MAC1, true)
              .member("net2", MAC2, ODD, true, false);
      assertThat(changed.differences())
          .containsExactly("net2 in the pod: MAC should be " + MAC2 + ", found " + ODD);
    }

    @Test
    void withFailOverMacFollowTheActiveMemberHasTheBonds() {
      BondScene bond =
          new BondScene()
              .mode(BondMode.ACTIVE_BACKUP, 2)
              .member("net1", MAC1, false)
              .member("net2", MAC2, true);
      assertThat(bond.differences())
          .containsExactly("net2 in the pod: MAC should be " + MAC1 + ", found " + MAC2);
      assertThat(bond.mac(MAC2).differences()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"BALANCE_TLB", "BALANCE_ALB"})
    void allAreDifferentAndTheBondHasOneOfThem(BondMode mode) {
      BondScene good =
          new BondScene().mode(mode, 0).member("net1", MAC1, true).member("net2", MAC2, true);
      assertThat(good.differences()).isEmpty();
      assertThat(good.mac(ODD).differences())
          .containsExactly("bond0 in the pod: MAC should be that of one member, found " + ODD);
      BondScene same =
          new BondScene().mode(mode, 0).member("net1", MAC1, true).member("net2", MAC1, true);
      assertThat(same.differences())
          .containsExactly("net2 in the pod: MAC should be one of its own, found " + MAC1);
      BondScene dead =
          new BondScene()
              .mode(mode, 0)
              .mac(ODD)
              .member("net1", MAC1, MAC1, false, false)
              .member("net2", MAC2, MAC2, false, false);
      assertThat(dead.differences()).as("no member carries it").isEmpty();
    }

    @Test
    void theOneAskedForUnlessItCannotLast() {
      BondScene bond = new BondScene().mode(BondMode.ACTIVE_BACKUP, 0).twoMembers();
      bond.askedMac = Optional.of(ODD);
      assertThat(bond.differences())
          .containsExactly("bond0 in the pod: MAC should be " + ODD + ", found " + MAC1);
      bond.askedMac = Optional.of(MAC1);
      assertThat(bond.differences()).isEmpty();
      BondScene active =
          new BondScene()
              .mode(BondMode.ACTIVE_BACKUP, 1)
              .member("net1", MAC1, true)
              .member("net2", MAC2, false);
      active.askedMac = Optional.of(ODD);
      assertThat(active.differences()).isEmpty();
    }
  }

  @Nested
  class Degradations {
    @Test
    void aCableABondWithoutCarrierAndAMemberHeldDown() {
      BondScene bond = new BondScene().member("net1", MAC1, MAC1, false, false);
      bond.links.add(inPod("net2").mac(MAC1.toString()).memberOf("bond0", false, false));
      bond.bond.noCarrier();
      assertThat(bond.degradations())
          .containsExactly(
              "bond0 in the pod: carrier should be there, found none",
              "net1 in the pod: carrier should be there, found none",
              "net2 in the pod: carrier should be there, found held down");
    }

    @Test
    void lacpWithoutPartnerButNotABackup() {
      assertThat(new BondScene().mode(BondMode.LACP, 0).twoMembers().degradations())
          .containsExactly(
              "net2 in the pod: LACP should be in the active aggregator, found outside it");
      assertThat(new BondScene().twoMembers().degradations()).isEmpty();
    }
  }
}
