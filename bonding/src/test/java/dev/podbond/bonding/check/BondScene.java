package dev.podbond.bonding.check;

import static dev.podbond.bonding.fixture.LinkFixture.inPod;

import dev.podbond.bonding.check.Expectation.ExpectedBond;
import dev.podbond.bonding.check.Expectation.ExpectedMember;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A bond of net1 and net2 that is as it was made; each test changes something.
final class BondScene {
  static final MacAddress MAC1 = new MacAddress(0x020000000001L);
  static final MacAddress MAC2 = new MacAddress(0x020000000002L);
  static final MacAddress ODD = new MacAddress(0x0200000000ffL);

  BondOptions asked = options(BondMode.ACTIVE_BACKUP, 100);
  BondOptions reported = asked;
  Optional<String> altName = Optional.empty();
  Optional<MacAddress> askedMac = Optional.empty();
  Optional<String> vlan = Optional.empty();
  MemberOptions memberOptions = MemberOptions.DEFAULT;
  final LinkFixture bond = inPod("bond0").mac(MAC1.toString());
  final List<LinkFixture> links = new ArrayList<>();
  private BondMode mode = BondMode.ACTIVE_BACKUP;

  BondScene mode(BondMode wanted, long failOverMac) {
    mode = wanted;
    asked =
        options(wanted, 100).with(BondOption.FAIL_OVER_MAC, new OptionValue.Number(failOverMac));
    reported = asked;
    return this;
  }

  BondScene mac(MacAddress address) {
    bond.mac(address.toString());
    return this;
  }

  BondScene member(String name, MacAddress own, boolean active) {
    return member(name, own, own, true, active);
  }

  BondScene member(String name, MacAddress own, MacAddress now, boolean linkUp, boolean active) {
    LinkFixture link = inPod(name).mac(own.toString()).memberOf("bond0", linkUp, active);
    links.add((linkUp ? link : link.noCarrier()).mac(now.toString()));
    return this;
  }

  BondScene twoMembers() {
    return member("net1", MAC1, MAC1, true, true).member("net2", MAC2, MAC1, true, false);
  }

  NodeFacts facts() {
    FactsBuilder facts = new FactsBuilder().link(bond.bond(reported));
    links.forEach(facts::link);
    return facts.facts();
  }

  Expectation expectation() {
    return new Expectation(
        Optional.of(
            new ExpectedBond(
                new BondNames("bond0", altName),
                mode,
                asked,
                List.of(
                    new ExpectedMember("net1", memberOptions),
                    new ExpectedMember("net2", MemberOptions.DEFAULT)),
                OptionalInt.of(1500),
                askedMac,
                vlan)),
        List.of(),
        LinkRef.pod("bond0"),
        List.of(),
        List.of());
  }

  List<String> differences() {
    return texts(Comparison.differences(expectation(), facts()));
  }

  List<String> degradations() {
    return texts(Comparison.degradations(expectation(), facts()));
  }

  static BondOptions options(BondMode mode, long miimon) {
    return new BondOptions(
        Map.of(
            BondOption.MODE, new OptionValue.Number(mode.number()),
            BondOption.MIIMON, new OptionValue.Number(miimon)));
  }

  static List<String> texts(List<Difference> differences) {
    return differences.stream().map(Difference::toString).toList();
  }
}
