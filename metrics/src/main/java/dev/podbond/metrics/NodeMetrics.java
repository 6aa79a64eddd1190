package dev.podbond.metrics;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes all metrics of a node.
public final class NodeMetrics {
  private static final int MILLIS = 3;

  private static final Comparator<BondReading> BY_NAME =
      Comparator.comparing(BondReading::namespace)
          .thenComparing(BondReading::pod)
          .thenComparing(bond -> bond.state().bond())
          .thenComparing(Comparator.comparingLong(BondReading::changedMillis).reversed());

  private final Exposition text;
  private final Detail detail;
  private final List<Bond> bonds = new ArrayList<>();

  /// A bond with what is looked up once for all its metrics.
  private record Bond(BondReading reading, Map<ConfiguredMember, MemberState> present) {
    boolean isLacp() {
      return reading.state().mode() == BondMode.LACP;
    }

    long membersUp() {
      return present.values().stream().filter(MemberState::isUp).count();
    }
  }

  /// Receives a member; the state is empty if it is not in the bond.
  private interface EachMember {
    void write(Bond bond, ConfiguredMember member, Optional<MemberState> state);
  }

  private NodeMetrics(Exposition text, Detail detail) {
    this.text = text;
    this.detail = detail;
  }

  /// Writes the whole text, in an order that depends on nothing but what is known. Two bonds of one
  /// name in pods of one name, as while a pod is replaced, would be one series twice: only that
  /// which changed last is shown.
  ///
  /// @param text where it goes; what was in it is gone
  public static void write(Exposition text, Detail detail, NodeReading node) {
    text.clear();
    new NodeMetrics(text, detail).write(node);
    text.finish();
  }

  private void write(NodeReading node) {
    Set<List<String>> named = new HashSet<>();
    node.bonds().stream()
        .sorted(BY_NAME)
        .filter(bond -> named.add(List.of(bond.namespace(), bond.pod(), bond.state().bond())))
        .map(bond -> new Bond(bond, bond.state().present(bond.configured())))
        .forEach(bonds::add);
    writeBonds();
    if (detail.shows(Detail.MEMBER)) {
      writeMembers();
    }
    node.pfs()
        .forEach(
            pf -> text.sample(Metric.PF_UP).label(pf.name()).label(pf.pci()).value(pf.carrier()));
    node.counters().writeCalls(text);
    text.sample(Metric.PENDING_DELETIONS).value(node.pending().count());
    text.sample(Metric.PENDING_DELETION_OLDEST).decimal(node.pending().oldestMillis(), MILLIS);
    text.sample(Metric.NEWS_OVERRUNS).value(node.counters().overruns());
    text.sample(Metric.PROCESS_MEMORY).value(node.process().residentBytes());
    text.sample(Metric.PROCESS_CPU).decimal(node.process().cpuMillis(), MILLIS);
    text.sample(Metric.PROCESS_START).decimal(node.process().startMillis(), MILLIS);
  }

  private Exposition of(Metric metric, Bond bond) {
    return text.sample(metric)
        .label(bond.reading().namespace())
        .label(bond.reading().pod())
        .label(bond.reading().state().bond());
  }

  private void writeBonds() {
    for (Bond bond : bonds) {
      of(Metric.BOND_INFO, bond)
          .label(bond.reading().network())
          .label(bond.reading().state().mode().toString())
          .label(bond.reading().state().monitoring().toString())
          .value(1);
    }
    bonds.forEach(bond -> of(Metric.BOND_UP, bond).value(bond.reading().state().carrier()));
    bonds.forEach(
        bond -> of(Metric.BOND_MEMBERS_CONFIGURED, bond).value(bond.reading().configured().size()));
    bonds.forEach(bond -> of(Metric.BOND_MEMBERS_UP, bond).value(bond.membersUp()));
    bonds.forEach(
        bond -> of(Metric.BOND_ACTIVE_MEMBER_CHANGES, bond).value(bond.reading().activeChanges()));
    bonds.forEach(bond ->
        of(Metric.BOND_STATE_TIMESTAMP, bond).decimal(bond.reading().changedMillis(), MILLIS));
    bonds.stream()
        .filter(Bond::isLacp)
        .forEach(bond ->
            of(Metric.BOND_LACP_PARTNER, bond)
                .value(bond.reading().state().lacpPartner().isPresent()));
  }

  private void writeMembers() {
    each((bond, member, _) ->
        of(Metric.MEMBER_INFO, bond)
            .label(member.name())
            .label(member.pci().map(PciAddress::toString).orElse(""))
            .label(member.pf().map(Pf::name).orElse(""))
            .label(member.pf().flatMap(Pf::pci).map(PciAddress::toString).orElse(""))
            .label(member.driver().orElse(""))
            .value(1));
    each((bond, member, state) ->
        of(Metric.MEMBER_UP, bond)
            .label(member.name())
            .value(state.filter(MemberState::isUp).isPresent()));
    each((bond, member, state) ->
        of(Metric.MEMBER_ACTIVE, bond).label(member.name()).value(isActive(bond, state)));
    each((bond, member, state) ->
        state.ifPresent(known ->
            of(Metric.MEMBER_LINK_FAILURES, bond)
                .label(member.name())
                .value(Integer.toUnsignedLong(known.failures()))));
    each((bond, member, state) -> {
      if (bond.isLacp()) {
        of(Metric.MEMBER_LACP_ATTACHED, bond)
            .label(member.name())
            .value(state.filter(MemberState::active).isPresent());
      }
    });
  }

  private static boolean isActive(Bond bond, Optional<MemberState> state) {
    return bond.reading().state().carrier()
        && state.filter(MemberState::active).filter(MemberState::isUp).isPresent();
  }

  private void each(EachMember write) {
    for (Bond bond : bonds) {
      for (ConfiguredMember member : bond.reading().configured()) {
        write.write(bond, member, Optional.ofNullable(bond.present().get(member)));
      }
    }
  }
}
