package dev.podbond.metrics;

import dev.podbond.bonding.lldp.Neighbour;
import dev.podbond.bonding.lldp.StationId;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.value.LinkTraffic;
import dev.podbond.value.PciAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes all metrics of a node, again and again into one buffer. What it wrote of bonds it uses
/// again until they change: that is nearly all of the text. Not thread-safe.
public final class NodeMetrics {
  private static final int MILLIS = 3;

  private static final Comparator<BondReading> BY_NAME =
      Comparator.comparing(BondReading::namespace)
          .thenComparing(BondReading::pod)
          .thenComparing(bond -> bond.state().bond())
          .thenComparing(Comparator.comparingLong(BondReading::changedMillis).reversed());

  private final Exposition text;
  private Optional<Beginning> beginning = Optional.empty();

  /// What the text that is kept is of.
  private record Beginning(Detail detail, boolean isWatched, List<BondReading> bonds) {
    /// Whether it is of this list and no other: to compare what is in two lists costs more than it
    /// spares.
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Detail other, NodeReading node) {
      return detail == other && isWatched == node.isWatched() && bonds == node.bonds();
    }
  }

  /// A bond with what is looked up once for all its metrics.
  private record Bond(BondReading reading, Labels labels, List<Member> members) {
    static Bond of(BondReading reading) {
      Map<ConfiguredMember, MemberState> present = reading.state().present(reading.configured());
      List<Member> members = new ArrayList<>(reading.configured().size());
      for (ConfiguredMember member : reading.configured()) {
        members.add(Member.of(reading, member, present.get(member)));
      }
      return new Bond(
          reading,
          Labels.of(Metric.BOND_INFO, reading.namespace(), reading.pod(), reading.state().bond()),
          members);
    }

    boolean hasHeldBack() {
      return !reading.state().heldBack().isEmpty();
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
  /// @param held whether it is kept from a bad path
  /// @param attached whether the kernel has it in state active
  private record Member(
      ConfiguredMember configured,
      Labels labels,
      boolean present,
      boolean up,
      boolean active,
      boolean held,
      boolean attached,
      long failures,
      Optional<LinkTraffic> traffic) {
    static Member of(BondReading bond, ConfiguredMember configured, @Nullable MemberState state) {
      Labels labels =
          Labels.of(
              Metric.MEMBER_INFO,
              bond.namespace(),
              bond.pod(),
              bond.state().bond(),
              configured.name());
      boolean held = bond.state().isHeldBack(configured);
      return state == null
          ? new Member(configured, labels, false, false, false, held, false, 0, Optional.empty())
          : new Member(
              configured,
              labels,
              true,
              state.isUp() && !held,
              bond.state().carrier() && state.isUp() && state.active(),
              held,
              state.active(),
              Integer.toUnsignedLong(state.failures()),
              Optional.ofNullable(bond.traffic().get(state.name())));
    }
  }

  /// @param mostBytes the greatest length of a text, at least 1024
  public NodeMetrics(int mostBytes) {
    text = new Exposition(mostBytes);
  }

  /// Writes the whole text, in an order that depends on nothing but what is known. Two bonds of one
  /// name in pods of one name, as while a pod is replaced, would be one series twice: only that
  /// which changed last is shown.
  ///
  /// @param node its bonds are written anew only if they are another list than before
  /// @return the text, which is valid until the next call
  public ByteBuffer write(Detail detail, NodeReading node) {
    if (beginning.isPresent() && beginning.get().isOf(detail, node)) {
      text.resume();
      writeNode(node);
    } else {
      // Not of this text, should nothing come of the new one.
      beginning = Optional.empty();
      text.clear();
      List<Bond> bonds = distinct(node.bonds());
      writeBonds(bonds);
      if (detail.shows(Detail.MEMBER)) {
        writeMembers(bonds);
        each(
            node.isWatched() ? bonds : bonds.stream().filter(Bond::hasHeldBack).toList(),
            Metric.MEMBER_HELD_BACK);
      }
      text.keep();
      // Traffic changes all the time, and comes after what is kept.
      boolean isWhole = !detail.shows(Detail.TRAFFIC);
      beginning =
          isWhole
              ? Optional.of(new Beginning(detail, node.isWatched(), node.bonds()))
              : Optional.empty();
      writeNode(node);
      // Last, as it is what can be done without if there is no room for all.
      if (!isWhole) {
        writeTraffic(bonds);
      }
    }
    text.finish();
    return text.bytes();
  }

  private static List<Bond> distinct(List<BondReading> readings) {
    List<Bond> bonds = new ArrayList<>(readings.size());
    readings.stream()
        .sorted(BY_NAME)
        .forEach(reading -> {
          if (bonds.isEmpty() || !isOneSeries(bonds.getLast().reading(), reading)) {
            bonds.add(Bond.of(reading));
          }
        });
    return bonds;
  }

  private static boolean isOneSeries(BondReading one, BondReading other) {
    return one.namespace().equals(other.namespace())
        && one.pod().equals(other.pod())
        && one.state().bond().equals(other.state().bond());
  }

  private void writeNode(NodeReading node) {
    for (NodeReading.PfReading pf : node.pfs()) {
      pf.carrier().ifPresent(carrier -> of(Metric.PF_UP, pf).value(carrier));
    }
    for (NodeReading.PfReading pf : node.pfs()) {
      // Nothing is said of an uplink of which nothing is known: 0 would be an alarm.
      if (pf.upstream().isGood() || pf.upstream().isBad()) {
        of(Metric.PF_UPSTREAM_UP, pf).value(pf.upstream().isGood());
      }
    }
    for (NodeReading.PfReading pf : node.pfs()) {
      pf.neighbour().ifPresent(neighbour -> writeNeighbour(pf, neighbour));
    }
    node.storm().ifPresent(storm -> text.sample(Metric.UPLINK_STORM).value(storm));
    Map<String, Long> demoted = demoted(node.bonds());
    for (NodeReading.PfReading pf : node.pfs()) {
      of(Metric.PF_DEMOTED_MEMBERS, pf).value(demoted.getOrDefault(pf.pci(), 0L));
    }
    text.sample(Metric.UPLINK_DEMOTIONS).value(node.counters().demotions());
    node.counters().writeCalls(text);
    // 0 would say that none waits, and end an alert.
    node.pending()
        .ifPresent(pending -> text.sample(Metric.PENDING_DELETIONS).value(pending.count()));
    node.pending()
        .ifPresent(pending ->
            text.sample(Metric.PENDING_DELETION_OLDEST).decimal(pending.oldestMillis(), MILLIS));
    text.sample(Metric.NEWS_OVERRUNS).value(node.counters().overruns());
    text.sample(Metric.BUILD_INFO).label(node.process().version()).value(1);
    text.sample(Metric.AGENT_READY).value(node.ready());
    text.sample(Metric.PROCESS_MEMORY).value(node.process().residentBytes());
    text.sample(Metric.PROCESS_CPU).decimal(node.process().cpuMillis(), MILLIS);
    text.sample(Metric.PROCESS_START).decimal(node.process().startMillis(), MILLIS);
  }

  /// Of who is in doubt nothing is said: that would be one more text that others have a say in.
  private void writeNeighbour(NodeReading.PfReading pf, Neighbour neighbour) {
    switch (neighbour) {
      case Neighbour.Device(StationId chassis, StationId port, Optional<String> systemName) ->
          of(Metric.PF_NEIGHBOUR_INFO, pf)
              .label(chassis.toString())
              .label(port.toString())
              .label(systemName.orElse(""))
              .value(1);
      case Neighbour.Unclear _ -> {}
    }
  }

  private static Map<String, Long> demoted(List<BondReading> bonds) {
    return bonds.stream()
        .flatMap(bond -> bond.state().heldBack().stream())
        .flatMap(held -> held.pf().pci().stream())
        .collect(Collectors.groupingBy(PciAddress::toString, Collectors.counting()));
  }

  private Exposition of(Metric metric, NodeReading.PfReading pf) {
    return text.sample(metric).label(pf.name()).label(pf.pci());
  }

  private Exposition of(Metric metric, Bond bond) {
    return text.sample(metric).labels(bond.labels());
  }

  private void writeBonds(List<Bond> bonds) {
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

  private void writeMembers(List<Bond> bonds) {
    for (Bond bond : bonds) {
      for (Member member : bond.members()) {
        writeInfo(member.labels(), member.configured());
      }
    }
    each(bonds, Metric.MEMBER_UP);
    each(bonds, Metric.MEMBER_ACTIVE);
    each(bonds, Metric.MEMBER_LINK_FAILURES);
    each(bonds, Metric.MEMBER_LACP_ATTACHED);
  }

  private void writeTraffic(List<Bond> bonds) {
    each(bonds, Metric.MEMBER_RECEIVE_BYTES);
    each(bonds, Metric.MEMBER_RECEIVE_PACKETS);
    each(bonds, Metric.MEMBER_RECEIVE_ERRORS);
    each(bonds, Metric.MEMBER_RECEIVE_DROPPED);
    each(bonds, Metric.MEMBER_TRANSMIT_BYTES);
    each(bonds, Metric.MEMBER_TRANSMIT_PACKETS);
    each(bonds, Metric.MEMBER_TRANSMIT_ERRORS);
    each(bonds, Metric.MEMBER_TRANSMIT_DROPPED);
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

  private void writeInfo(Labels labels, ConfiguredMember member) {
    text.sample(Metric.MEMBER_INFO)
        .labels(labels)
        .label(member.pci().map(PciAddress::toString).orElse(""))
        .label(member.pf().map(Pf::name).orElse(""))
        .label(member.pf().flatMap(Pf::pci).map(PciAddress::toString).orElse(""))
        .label(member.driver().orElse(""))
        .value(1);
  }

  /// Writes a metric of all members. Iterators would be most of what an answer costs.
  private void each(List<Bond> bonds, Metric metric) {
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
      text.sample(metric)
          .labels(member.labels())
          .value(
              switch (metric) {
                case MEMBER_UP -> number(member.up());
                case MEMBER_ACTIVE -> number(member.active());
                case MEMBER_LINK_FAILURES -> member.failures();
                case MEMBER_LACP_ATTACHED -> number(member.attached());
                case MEMBER_HELD_BACK -> number(member.held());
                default -> counted(metric, member.traffic().orElseThrow());
              });
    }
  }

  private static long number(boolean value) {
    return value ? 1 : 0;
  }
}
