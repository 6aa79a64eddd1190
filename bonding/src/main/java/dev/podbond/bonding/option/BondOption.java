package dev.podbond.bonding.option;

import dev.podbond.bonding.option.OptionDomain.Choice;
import dev.podbond.bonding.option.OptionDomain.Flag;
import dev.podbond.bonding.option.OptionDomain.MacValue;
import dev.podbond.bonding.option.OptionDomain.Member;
import dev.podbond.bonding.option.OptionDomain.NotSettable;
import dev.podbond.bonding.option.OptionDomain.Range;
import dev.podbond.bonding.option.OptionDomain.Targets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Every option of the bonding driver: `IFLA_BOND_*` of include/uapi/linux/if_link.h with the
/// ranges and mode rules of drivers/net/bonding/bond_options.c.
///
/// All of them except the two [NotSettable] ones may go into the one message that creates a bond;
/// the kernel applies them in its own order, whatever their order in the message. A kernel silently
/// ignores an attribute that it is too old to know. Hence [#sinceKernel] and the need to read back.
@SuppressWarnings("ImmutableEnumChecker") // records of unmodifiable lists and sets are immutable
public enum BondOption {
  MODE(1, "mode", Choice.ofModes(), 0, ModeRule.ALL, ""),
  ACTIVE_SLAVE(
      2,
      "activeSlave",
      new NotSettable(
          "the active member can only be chosen once it is up; name the preferred one by primary"),
      0,
      ModeRule.ONLY_WITH_ACTIVE_MEMBER,
      ""),
  MIIMON(3, "miimon", Ranges.MILLIS, 0, ModeRule.ALL, ""),
  UPDELAY(4, "updelay", Ranges.MILLIS, 0, ModeRule.ALL, ""),
  DOWNDELAY(5, "downdelay", Ranges.MILLIS, 0, ModeRule.ALL, ""),
  /// From 6.18 on, kernels accept only 1.
  USE_CARRIER(6, "useCarrier", new Flag(), 1, ModeRule.ALL, ""),
  ARP_INTERVAL(7, "arpInterval", Ranges.MILLIS, 0, ModeRule.ONLY_ARP_MONITORED, ""),
  ARP_IP_TARGET(
      8, "arpIpTarget", new Targets(false), 0, ModeRule.USED_BY_ARP_MONITORED, "", "arpIpTargets"),
  ARP_VALIDATE(
      9,
      "arpValidate",
      Choice.of("none", "active", "backup", "all", "filter", "filter_active", "filter_backup"),
      0,
      ModeRule.ONLY_ARP_MONITORED,
      ""),
  ARP_ALL_TARGETS(
      10, "arpAllTargets", Choice.of("any", "all"), 0, ModeRule.USED_BY_ACTIVE_BACKUP, ""),
  /// The kernel keeps the name, and reports the option only while that link is a member.
  PRIMARY(11, "primary", new Member(), 0, ModeRule.ONLY_WITH_ACTIVE_MEMBER, ""),
  PRIMARY_RESELECT(
      12,
      "primaryReselect",
      Choice.of("always", "better", "failure"),
      0,
      ModeRule.USED_WITH_ACTIVE_MEMBER,
      ""),
  FAIL_OVER_MAC(
      13,
      "failOverMac",
      Choice.of("none", "active", "follow"),
      0,
      ModeRule.USED_BY_ACTIVE_BACKUP,
      ""),
  XMIT_HASH_POLICY(
      14,
      "xmitHashPolicy",
      Choice.of("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"),
      0,
      ModeRule.USED_BY_HASHING,
      ""),
  RESEND_IGMP(15, "resendIgmp", Ranges.OCTET, 1, ModeRule.USED_AT_FAILOVER, ""),
  NUM_PEER_NOTIF(
      16,
      "numPeerNotif",
      Ranges.OCTET,
      1,
      ModeRule.USED_BY_ACTIVE_BACKUP,
      "",
      "numGratArp",
      "numUnsolNa"),
  ALL_SLAVES_ACTIVE(17, "allSlavesActive", new Flag(), 0, ModeRule.ALL, ""),
  MIN_LINKS(18, "minLinks", new Range(0, Ranges.INT_MAX, ""), 0, ModeRule.USED_BY_LACP, ""),
  LP_INTERVAL(
      19, "lpInterval", new Range(1, Ranges.INT_MAX, "s"), 1, ModeRule.USED_BY_BALANCING, ""),
  /// 0 sends each packet through a random member.
  PACKETS_PER_SLAVE(
      20, "packetsPerSlave", new Range(0, 65535, ""), 1, ModeRule.ONLY_ROUND_ROBIN, ""),
  LACP_RATE(21, "lacpRate", Choice.of("slow", "fast"), 0, ModeRule.ONLY_LACP, "", "adLacpRate"),
  AD_SELECT(
      22,
      "adSelect",
      Choice.of("stable", "bandwidth", "count", "actor_port_prio"),
      0,
      ModeRule.USED_BY_LACP,
      ""),
  AD_INFO(
      23,
      "adInfo",
      new NotSettable("the kernel reports here what LACP has agreed on"),
      0,
      ModeRule.ONLY_LACP,
      ""),
  /// Reported only to a process with CAP_NET_ADMIN, like the two after it.
  AD_ACTOR_SYS_PRIO(24, "adActorSysPrio", new Range(1, 65535, ""), 65535, ModeRule.ONLY_LACP, ""),
  AD_USER_PORT_KEY(25, "adUserPortKey", new Range(0, 1023, ""), 0, ModeRule.ONLY_LACP, ""),
  AD_ACTOR_SYSTEM(26, "adActorSystem", new MacValue(), 0, ModeRule.ONLY_LACP, ""),
  TLB_DYNAMIC_LB(27, "tlbDynamicLb", new Flag(), 1, ModeRule.ONLY_BALANCING, ""),
  PEER_NOTIF_DELAY(
      28, "peerNotifDelay", new Range(0, 300_000, "ms"), 0, ModeRule.USED_BY_ACTIVE_BACKUP, "5.3"),
  LACP_ACTIVE(29, "lacpActive", new Flag(), 1, ModeRule.ONLY_LACP, "5.15", "adLacpActive"),
  ARP_MISSED_MAX(
      30,
      "arpMissedMax",
      new Range(1, 255, ""),
      2,
      ModeRule.ONLY_ARP_MONITORED,
      "5.17",
      "missedMax"),
  NS_IP6_TARGET(
      31,
      "nsIp6Target",
      new Targets(true),
      0,
      ModeRule.USED_BY_ARP_MONITORED,
      "5.18",
      "nsIp6Targets"),
  COUPLED_CONTROL(32, "coupledControl", new Flag(), 1, ModeRule.ONLY_LACP, "6.9"),
  BROADCAST_NEIGH(
      33, "broadcastNeighbor", new Flag(), 0, ModeRule.ONLY_LACP, "6.17", "broadcastNeigh"),
  LACP_STRICT(34, "lacpStrict", new Flag(), 0, ModeRule.ONLY_LACP, "6.18");

  private final int number;
  private final String key;
  private final OptionDomain domain;
  private final long defaultNumber;
  private final ModeRule modes;
  private final String sinceKernel;
  private final List<String> aliases;

  BondOption(
      int number,
      String key,
      OptionDomain domain,
      long defaultNumber,
      ModeRule modes,
      String sinceKernel,
      String... aliases) {
    this.number = number;
    this.key = key;
    this.domain = domain;
    this.defaultNumber = defaultNumber;
    this.modes = modes;
    this.sinceKernel = sinceKernel;
    this.aliases = List.of(aliases);
  }

  /// The option with an attribute number; empty for a number newer than this table.
  public static Optional<BondOption> of(int number) {
    return Stream.of(values()).filter(option -> option.number == number).findFirst();
  }

  /// The attribute's number, `IFLA_BOND_*`.
  public int number() {
    return number;
  }

  /// Its key in a network configuration: the kernel's name in camelCase.
  public String key() {
    return key;
  }

  /// Other keys for the same option, such as `numGratArp`.
  public List<String> aliases() {
    return aliases;
  }

  /// The values it takes.
  public OptionDomain domain() {
    return domain;
  }

  /// The kernel's default as a number; 0 for an option that is not a number and is unset by
  /// default.
  public long defaultNumber() {
    return defaultNumber;
  }

  /// The modes that accept it and those that use it.
  public ModeRule modes() {
    return modes;
  }

  /// The first mainline kernel with the attribute; empty if every supported kernel has it.
  public Optional<String> sinceKernel() {
    return sinceKernel.isEmpty() ? Optional.empty() : Optional.of(sinceKernel);
  }

  /// A value in the form that people write: names for enumerated numbers, on or off for flags.
  public String show(OptionValue value) {
    return value instanceof OptionValue.Number(long number)
        ? domain.show(number)
        : value.toString();
  }

  @Override
  public String toString() {
    return key;
  }

  /// Ranges that several options share.
  private static final class Ranges {
    static final long INT_MAX = Integer.MAX_VALUE;
    static final Range MILLIS = new Range(0, INT_MAX, "ms");
    static final Range OCTET = new Range(0, 255, "");

    private Ranges() {}
  }
}
