package dev.podbond.bonding.facts;

import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One network interface as observed.
///
/// @param index the kernel's ifindex
/// @param altNames its alternative names
/// @param kind `IFLA_INFO_KIND`, such as "bond", "vlan" or "dummy"; "" for a hardware device
/// @param mac empty for types whose address does not have six octets
/// @param up administratively up
/// @param carrier whether it has a carrier
/// @param member set if it has a master
/// @param pci the PCI function behind it (`IFLA_PARENT_DEV_NAME` on bus pci)
/// @param bond the options read back from the kernel, if it is a bond
/// @param addresses its addresses, IPv6 link-local ones included
/// @param tuning its other settings
/// @param duplicates those of its addresses that another host has (RFC 4862 section 5.4.5): they do
///   not work
/// @param lacpPartner the LACP partner of a bond, if one answers
public record LinkFacts(
    LinkRef ref,
    int index,
    Set<String> altNames,
    String kind,
    Type type,
    Optional<MacAddress> mac,
    int mtuBytes,
    boolean up,
    boolean carrier,
    Optional<MemberFacts> member,
    Optional<PciAddress> pci,
    Optional<BondOptions> bond,
    List<IpPrefix> addresses,
    LinkTuning tuning,
    Set<IpPrefix> duplicates,
    Optional<MacAddress> lacpPartner) {
  /// The ARPHRD types that matter to bonding.
  public enum Type {
    ETHERNET,
    INFINIBAND,
    LOOPBACK,
    OTHER
  }

  public LinkFacts {
    altNames = Set.copyOf(altNames);
    addresses = List.copyOf(addresses);
    duplicates = Set.copyOf(duplicates);
  }

  /// A link without duplicate addresses and without a LACP partner.
  public LinkFacts(
      LinkRef ref,
      int index,
      Set<String> altNames,
      String kind,
      Type type,
      Optional<MacAddress> mac,
      int mtuBytes,
      boolean up,
      boolean carrier,
      Optional<MemberFacts> member,
      Optional<PciAddress> pci,
      Optional<BondOptions> bond,
      List<IpPrefix> addresses,
      LinkTuning tuning) {
    this(
        ref,
        index,
        altNames,
        kind,
        type,
        mac,
        mtuBytes,
        up,
        carrier,
        member,
        pci,
        bond,
        addresses,
        tuning,
        Set.of(),
        Optional.empty());
  }

  public String name() {
    return ref.name();
  }

  /// Whether netlink tools find it under `name`.
  public boolean answersTo(String name) {
    return ref.name().equals(name) || altNames.contains(name);
  }
}
