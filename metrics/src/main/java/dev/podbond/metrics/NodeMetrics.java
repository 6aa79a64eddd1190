package dev.podbond.metrics;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.value.LinkTraffic;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private record Bond(BondReading reading, List<Member> members) {
    static Bond of(BondReading reading) {
      Map<ConfiguredMember, MemberState> present = reading.state().present(reading.configured());
      List<Member> members = new ArrayList<>(reading.configured().size());
      for (ConfiguredMember member : reading.configured()) {
        members.add(
            Member.of(member, present.get(member), reading.state().carrier(), reading.traffic()));
      }
      return new Bond(reading, members);
    }

    boolean isLacp() {
      return reading.state().mode() == BondMode.LACP;
    }

    long membersUp() {
      long up = 0;
      for (int i = 0; i < members.size(); i++) {
        up += members.get(i).up() ? 1 : 0;
      }
      return up;
    }
  }

  /// A member as it is written, so that each of its samples costs nothing more.
  ///
  /// @param attached whether the kernel has it in state active
  private record Member(
      ConfiguredMember configured,
      boolean present,
      boolean up,
      boolean active,
      boolean attached,
      long failures,
      Optional<LinkTraffic> traffic) {
    static Member of(
        ConfiguredMember configured,
        @Nullable MemberState state,
        boolean carrier,
        Map<String, LinkTraffic> traffic) {
      return state == null
          ? new Member(configured, false, false, false, false, 0, Optional.empty())
          : new Member(
              configured,
              true,
              state.isUp(),
              carrier && state.isUp() && state.active(),
              state.active(),
              Integer.toUnsignedLong(state.failures()),
              Optional.ofNullable(traffic.get(state.name())));
    }
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
        .map(Bond::of)
        .forEach(bonds::add);
    writeBonds();
    if (detail.shows(Detail.MEMBER)) {
      writeMembers();
    }
    for (NodeReading.PfReading pf : node.pfs()) {
      pf.carrier().ifPresent(carrier -> of(Metric.PF_UP, pf).value(carrier));
    }
    for (NodeReading.PfReading pf : node.pfs()) {
      // Nothing is said of an uplink of which nothing is known: 0 would be an alarm.
      if (pf.upstream().isGood() || pf.upstream().isBad()) {
        of(Metric.PF_UPSTREAM_UP, pf).value(pf.upstream().isGood());
      }
    }
    node.storm().ifPresent(storm -> text.sample(Metric.UPLINK_STORM).value(storm));
    node.counters().writeCalls(text);
    // 0 would say that none waits, and end an alert.
    node.pending()
        .ifPresent(pending -> text.sample(Metric.PENDING_DELETIONS).value(pending.count()));
    node.pending()
        .ifPresent(pending ->
            text.sample(Metric.PENDING_DELETION_OLDEST).decimal(pending.oldestMillis(), MILLIS));
    text.sample(Metric.NEWS_OVERRUNS).value(node.counters().overruns());
    text.sample(Metric.BUILD_INFO).label(node.process().version()).value(1);
    text.sample(Metric.PROCESS_MEMORY).value(node.process().residentBytes());
    text.sample(Metric.PROCESS_CPU).decimal(node.process().cpuMillis(), MILLIS);
    text.sample(Metric.PROCESS_START).decimal(node.process().startMillis(), MILLIS);
    // Last, as it is what can be done without if there is no room for all.
    if (detail.shows(Detail.TRAFFIC)) {
      writeTraffic();
    }
  }

  private Exposition of(Metric metric, NodeReading.PfReading pf) {
    return text.sample(metric).label(pf.name()).label(pf.pci());
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
          .label(survived(bond.reading()))
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

  /// As labels of what is not known are empty.
  private static String survived(BondReading bond) {
    Survival survival = bond.state().survival(bond.configured());
    return survival.isUnknown() ? "" : survival.toString();
  }

  private void writeMembers() {
    for (Bond bond : bonds) {
      for (Member member : bond.members()) {
        writeInfo(bond, member.configured());
      }
    }
    each(Metric.MEMBER_UP);
    each(Metric.MEMBER_ACTIVE);
    each(Metric.MEMBER_LINK_FAILURES);
    each(Metric.MEMBER_LACP_ATTACHED);
  }

  private void writeTraffic() {
    each(Metric.MEMBER_RECEIVE_BYTES);
    each(Metric.MEMBER_RECEIVE_PACKETS);
    each(Metric.MEMBER_RECEIVE_ERRORS);
    each(Metric.MEMBER_RECEIVE_DROPPED);
    each(Metric.MEMBER_TRANSMIT_BYTES);
    each(Metric.MEMBER_TRANSMIT_PACKETS);
    each(Metric.MEMBER_TRANSMIT_ERRORS);
    each(Metric.MEMBER_TRANSMIT_DROPPED);
  }

  private static long counted(Metric metric, LinkTraffic traffic) {
    return switch (metric) {
      case MEMBER_RECEIVE_BYTES -> traffic.received().bytes();
      case MEMBER_RECEIVE_PACKETS -> traffic.received().packets();
      case MEMBER_RECEIVE_ERRORS -> traffic.received().errors();
      case MEMBER_RECEIVE_DROPPED -> traffic.received().dropped();
      case MEMBER_TRANSMIT_BYTES -> traffic.transmitted().bytes();
      case MEMBER_TRANSMIT_PACKETS -> traffic.transmitted().packets();
      case MEMBER_TRANSMIT_ERRORS -> traffic.transmitted().errors();
      case MEMBER_TRANSMIT_DROPPED -> traffic.transmitted().dropped();
      default -> throw new IllegalArgumentException(metric + " is no traffic of a member");
    };
  }

  private void writeInfo(Bond bond, ConfiguredMember member) {
    of(Metric.MEMBER_INFO, bond)
        .label(member.name())
        .label(member.pci().map(PciAddress::toString).orElse(""))
        .label(member.pf().map(Pf::name).orElse(""))
        .label(member.pf().flatMap(Pf::pci).map(PciAddress::toString).orElse(""))
        .label(member.driver().orElse(""))
        .value(1);
  }

  /// Writes a metric of all members. Iterators would be most of what an answer costs.
  private void each(Metric metric) {
    for (int i = 0; i < bonds.size(); i++) {
      Bond bond = bonds.get(i);
      for (int k = 0; k < bond.members().size(); k++) {
        write(metric, bond, bond.members().get(k));
      }
    }
  }

  private void write(Metric metric, Bond bond, Member member) {
    boolean isShown =
        switch (metric) {
          case MEMBER_LINK_FAILURES -> member.present();
          case MEMBER_LACP_ATTACHED -> bond.isLacp();
          default -> metric.detail() != Detail.TRAFFIC || member.traffic().isPresent();
        };
    if (isShown) {
      of(metric, bond)
          .label(member.configured().name())
          .value(
              switch (metric) {
                case MEMBER_UP -> number(member.up());
                case MEMBER_ACTIVE -> number(member.active());
                case MEMBER_LINK_FAILURES -> member.failures();
                case MEMBER_LACP_ATTACHED -> number(member.attached());
                default -> counted(metric, member.traffic().orElseThrow());
              });
    }
  }

  private static long number(boolean value) {
    return value ? 1 : 0;
  }
}
