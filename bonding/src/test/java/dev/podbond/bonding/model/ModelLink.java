package dev.podbond.bonding.model;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.LinkTuning;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/// One link of the model: the fields of the kernel's `struct net_device`, `struct slave` and
/// `struct bonding` that matter here.
final class ModelLink {
  private static final LinkTuning AS_NEW =
      new LinkTuning(
          Map.of(
              LinkSetting.ARP, "on",
              LinkSetting.MULTICAST, "on",
              LinkSetting.PROMISC, "off",
              LinkSetting.TX_QUEUE_LENGTH, "1000",
              LinkSetting.ALIAS, "",
              LinkSetting.XDP, "off"));

  final String kind;
  final TreeSet<String> altNames = new TreeSet<>();
  final List<IpPrefix> addresses = new ArrayList<>();
  final List<Route> routes = new ArrayList<>();
  final TreeMap<String, String> sysctls = new TreeMap<>();
  Place place;
  String name;
  int index;
  MacAddress mac;
  int mtuBytes;
  LinkTuning tuning = AS_NEW;
  boolean up;
  boolean carrier = true;

  /// The VF behind it, if it is one.
  Optional<ModelVf> vf = Optional.empty();

  // A member's.
  Optional<ModelLink> master = Optional.empty();
  MacAddress permanentMac = MacAddress.ZERO;
  int originalMtuBytes;
  int priority;
  int queueId;

  // A bond's.
  BondOptions options = new BondOptions(Map.of());
  boolean macIsRandom;
  final List<ModelLink> members = new ArrayList<>();
  Optional<ModelLink> active = Optional.empty();

  /// Whether the primary gets the traffic at the next choice, whatever `primary_reselect` says.
  boolean forcePrimary;

  // A VLAN's.
  Optional<ModelLink> over = Optional.empty();
  int vlanId;

  ModelLink(Place place, String name, int index, String kind, MacAddress mac, int mtuBytes) {
    this.place = place;
    this.name = name;
    this.index = index;
    this.kind = kind;
    this.mac = mac;
    this.mtuBytes = mtuBytes;
  }

  boolean answersTo(String wanted) {
    return name.equals(wanted) || altNames.contains(wanted);
  }

  boolean isLinkUp() {
    return up && hasCarrier();
  }

  boolean hasCarrier() {
    if (kind.equals("bond")) {
      return up && members.stream().anyMatch(ModelLink::isLinkUp);
    }
    return up && carrier && over.map(ModelLink::hasCarrier).orElse(true);
  }

  BondMode mode() {
    return BondMode.of(number(BondOption.MODE)).orElseThrow();
  }

  boolean hasActive() {
    return switch (mode()) {
      case ACTIVE_BACKUP, BALANCE_TLB, BALANCE_ALB -> true;
      case BALANCE_RR, BALANCE_XOR, BROADCAST, LACP -> false;
    };
  }

  long number(BondOption option) {
    return options.get(option).orElseThrow() instanceof OptionValue.Number(long value) ? value : 0;
  }

  /// The options that this bond reports: PRIMARY only while that link is a member.
  private BondOptions reported() {
    BondOptions shown = options;
    if (options.get(BondOption.PRIMARY).isPresent() && primary().isEmpty()) {
      Map<BondOption, OptionValue> values = new TreeMap<>(options.values());
      values.remove(BondOption.PRIMARY);
      shown = new BondOptions(values);
    }
    BondOptions known = shown;
    return active
        .map(link -> known.with(BondOption.ACTIVE_SLAVE, new OptionValue.MemberName(link.name)))
        .orElse(known);
  }

  Optional<ModelLink> primary() {
    return options
        .get(BondOption.PRIMARY)
        .flatMap(
            value -> members.stream().filter(m -> m.name.equals(value.toString())).findFirst());
  }

  LinkFacts facts() {
    return new LinkFacts(
        new LinkRef(place, name),
        index,
        altNames,
        kind,
        LinkFacts.Type.ETHERNET,
        Optional.of(mac),
        mtuBytes,
        up,
        hasCarrier(),
        master.map(this::memberFacts),
        vf.map(ModelVf::pci),
        kind.equals("bond") ? Optional.of(reported()) : Optional.empty(),
        addresses,
        tuning);
  }

  private MemberFacts memberFacts(ModelLink bond) {
    boolean active =
        bond.mode() == BondMode.ACTIVE_BACKUP ? bond.active.equals(Optional.of(this)) : isLinkUp();
    return new MemberFacts(
        bond.name,
        "bond",
        isLinkUp(),
        active,
        Optional.of(permanentMac),
        0,
        OptionalInt.of(priority),
        OptionalInt.of(queueId));
  }

  /// Everything about it that outlives an attachment, in one line.
  String state() {
    return place.phrase()
        + " "
        + name
        + " "
        + altNames
        + (kind.isEmpty() ? "" : " " + kind)
        + " "
        + mac
        + " mtu "
        + mtuBytes
        + (tuning.equals(AS_NEW) ? "" : " " + tuning)
        + (up ? " up" : " down")
        + master.map(bond -> " in " + bond.name).orElse("")
        + (addresses.isEmpty() ? "" : " " + addresses)
        + (routes.isEmpty() ? "" : " " + routes)
        + (sysctls.isEmpty() ? "" : " " + sysctls)
        + (kind.equals("bond") ? " " + options : "");
  }
}
