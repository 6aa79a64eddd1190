package dev.podbond.bonding.model;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionDomain;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.MacAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The rules of drivers/net/bonding.
final class BondDriver {
  private static final int FOM_ACTIVE = 1;
  private static final int FOM_FOLLOW = 2;

  private final RandomMacs macs;

  BondDriver(RandomMacs macs) {
    this.macs = macs;
  }

  /// All options of a new bond: the requested ones over the kernel's defaults.
  ///
  /// @param unknown options that this kernel is too old to know, and ignores
  static BondOptions created(BondOptions asked, Set<BondOption> unknown) throws Refusal {
    BondMode mode =
        BondMode.of(number(asked, BondOption.MODE, 0)).orElseThrow(() -> Refusal.of("EINVAL"));
    long miimon = number(asked, BondOption.MIIMON, 0);
    if (miimon != 0 && number(asked, BondOption.ARP_INTERVAL, 0) != 0) {
      throw new Refusal("EINVAL", "ARP monitoring cannot be used with MII monitoring");
    }
    Map<BondOption, OptionValue> values = new TreeMap<>();
    for (BondOption option : BondOption.values()) {
      boolean hasNumber =
          switch (option.domain()) {
            case OptionDomain.Range _, OptionDomain.Choice _, OptionDomain.Flag _ -> true;
            case OptionDomain.Targets _,
                OptionDomain.MacValue _,
                OptionDomain.Member _,
                OptionDomain.NotSettable _ ->
                false;
          };
      if (hasNumber && !unknown.contains(option)) {
        values.put(option, new OptionValue.Number(option.defaultNumber()));
      }
    }
    boolean needsMiimon =
        mode == BondMode.LACP || mode == BondMode.BALANCE_TLB || mode == BondMode.BALANCE_ALB;
    if (needsMiimon) {
      values.put(BondOption.MIIMON, new OptionValue.Number(100));
    }
    for (Map.Entry<BondOption, OptionValue> entry : asked.values().entrySet()) {
      BondOption option = entry.getKey();
      if (unknown.contains(option)) {
        continue;
      }
      if (option.domain() instanceof OptionDomain.NotSettable) {
        throw Refusal.of("EINVAL");
      }
      if (!option.modes().accepted().contains(mode)) {
        throw new Refusal("EACCES", "option not supported in mode");
      }
      values.put(option, rounded(option, entry.getValue(), miimon));
    }
    return new BondOptions(values);
  }

  private static OptionValue rounded(BondOption option, OptionValue value, long miimon)
      throws Refusal {
    boolean isDelay =
        option == BondOption.UPDELAY
            || option == BondOption.DOWNDELAY
            || option == BondOption.PEER_NOTIF_DELAY;
    if (!isDelay || !(value instanceof OptionValue.Number(long delay)) || delay == 0) {
      return value;
    }
    if (miimon == 0) {
      throw Refusal.of("EPERM");
    }
    return new OptionValue.Number(delay / miimon * miimon);
  }

  private static long number(BondOptions options, BondOption option, long otherwise) {
    return options.get(option).orElse(null) instanceof OptionValue.Number(long value)
        ? value
        : otherwise;
  }

  void enslave(ModelLink member, ModelLink bond) throws Refusal {
    if (member.up) {
      throw new Refusal("EPERM", "Device can not be enslaved while up");
    }
    if (member == bond || member.kind.equals("bond")) {
      throw new Refusal("EPERM", "Cannot enslave bond to itself");
    }
    if (member.master.isPresent()) {
      release(member);
    }
    boolean isFirst = bond.members.isEmpty();
    MacAddress own = member.mac;
    MacAddress bondMac = bond.mac;
    if (isFirst && bond.macIsRandom) {
      bond.mac = own;
    }
    if (isBalancing(bond) && bond.members.stream().anyMatch(other -> other.mac.equals(own))) {
      bond.mac = bondMac;
      throw new Refusal("EFAULT", "another member has the MAC " + own);
    }
    boolean toldMac = !isActiveBackup(bond) || bond.number(BondOption.FAIL_OVER_MAC) == 0;
    if (toldMac && !setMac(member, bond.mac)) {
      bond.mac = bondMac;
      throw Refusal.of("EADDRNOTAVAIL");
    }
    if (isBalancing(bond)) {
      setMac(member, own);
    }
    if (isFollow(bond) && !isFirst && own.equals(bond.mac)) {
      setMac(member, macs.next());
    }
    member.originalMtuBytes = member.mtuBytes;
    member.permanentMac = own;
    member.mtuBytes = bond.mtuBytes;
    member.master = Optional.of(bond);
    member.priority = 0;
    member.queueId = 0;
    member.up = true;
    bond.members.add(member);
    reselect(bond);
  }

  /// `__bond_release_one`: closes the member, then restores its MAC and MTU.
  void release(ModelLink member) {
    ModelLink bond = member.master.orElseThrow();
    bond.members.remove(member);
    member.master = Optional.empty();
    boolean wasActive = bond.active.equals(Optional.of(member));
    if (wasActive) {
      bond.active = Optional.empty();
    }
    member.up = false;
    member.routes.clear();
    member.vf.ifPresent(vf -> vf.goneDown(member));
    if (!isActiveBackup(bond) || bond.number(BondOption.FAIL_OVER_MAC) != FOM_ACTIVE) {
      setMac(member, member.permanentMac);
    }
    member.mtuBytes = member.originalMtuBytes;
    if (bond.members.isEmpty()) {
      bond.mac = macs.next();
      bond.macIsRandom = true;
    }
    reselect(bond);
  }

  /// `bond_option_primary_set`: a name that is no member's is kept for later.
  void setPrimary(ModelLink bond, Optional<String> primary) {
    Map<BondOption, OptionValue> values = new TreeMap<>(bond.options.values());
    values.remove(BondOption.PRIMARY);
    primary.ifPresent(name -> values.put(BondOption.PRIMARY, new OptionValue.MemberName(name)));
    bond.options = new BondOptions(values);
    reselect(bond);
  }

  /// `bond_option_active_slave_set`: it holds until the next time that a member is chosen.
  void setActive(ModelLink bond, ModelLink member) throws Refusal {
    if (!member.isLinkUp()) {
      throw new Refusal("EINVAL", "the link of " + member.name + " is down");
    }
    activate(bond, Optional.of(member));
  }

  /// Chooses the active member, if the mode has one, and moves MACs accordingly.
  void reselect(ModelLink bond) {
    if (!bond.hasActive()) {
      return;
    }
    activate(bond, choose(bond));
  }

  private void activate(ModelLink bond, Optional<ModelLink> chosen) {
    Optional<ModelLink> before = bond.active;
    bond.active = chosen;
    if (chosen.isEmpty() || chosen.equals(before)) {
      return;
    }
    ModelLink active = chosen.get();
    if (isBalancing(bond)) {
      MacAddress old = active.mac;
      bond.members.stream()
          .filter(member -> member != active && member.mac.equals(bond.mac))
          .findFirst()
          .ifPresent(holder -> holder.mac = old);
      active.mac = bond.mac;
    } else if (bond.number(BondOption.FAIL_OVER_MAC) == FOM_ACTIVE) {
      bond.mac = active.mac;
    } else if (isFollow(bond) && !active.mac.equals(bond.mac)) {
      MacAddress old = active.mac;
      before.filter(bond.members::contains).ifPresent(member -> setMac(member, old));
      setMac(active, bond.mac);
    }
  }

  private static Optional<ModelLink> choose(ModelLink bond) {
    Optional<ModelLink> primary = bond.primary().filter(ModelLink::isLinkUp);
    if (primary.isPresent()) {
      return primary;
    }
    Optional<ModelLink> best = bond.active.filter(ModelLink::isLinkUp);
    for (ModelLink member : bond.members) {
      if (member.isLinkUp() && (best.isEmpty() || member.priority > best.get().priority)) {
        best = Optional.of(member);
      }
    }
    return best;
  }

  /// Sets a link's MAC if its driver can; the bonding driver uses this for members too. The kernel
  /// does not even ask the driver if the link has the MAC already (`dev_set_mac_address`).
  static boolean setMac(ModelLink link, MacAddress mac) {
    if (!link.mac.equals(mac) && link.vf.isPresent() && !link.vf.get().accepts(mac)) {
      return false;
    }
    link.mac = mac;
    return true;
  }

  /// Sets a link's MAC on request from outside. A bond passes it on to its members; in
  /// active-backup with a fail_over_mac it reports success and does nothing
  /// (`bond_set_mac_address`).
  boolean setOwnMac(ModelLink link, MacAddress mac) {
    if (!link.kind.equals("bond")) {
      return setMac(link, mac);
    }
    if (isActiveBackup(link) && link.number(BondOption.FAIL_OVER_MAC) != 0) {
      // The core of the kernel does not know that, and no longer treats the MAC as random.
      link.macIsRandom = false;
      return true;
    }
    if (!isBalancing(link)) {
      for (ModelLink member : link.members) {
        if (!setMac(member, mac)) {
          link.members.forEach(done -> setMac(done, link.mac));
          return false;
        }
      }
    } else {
      link.active.ifPresent(active -> setMac(active, mac));
    }
    link.mac = mac;
    link.macIsRandom = false;
    return true;
  }

  private static boolean isActiveBackup(ModelLink bond) {
    return bond.mode() == BondMode.ACTIVE_BACKUP;
  }

  private static boolean isFollow(ModelLink bond) {
    return isActiveBackup(bond) && bond.number(BondOption.FAIL_OVER_MAC) == FOM_FOLLOW;
  }

  private static boolean isBalancing(ModelLink bond) {
    return bond.mode() == BondMode.BALANCE_TLB || bond.mode() == BondMode.BALANCE_ALB;
  }
}
