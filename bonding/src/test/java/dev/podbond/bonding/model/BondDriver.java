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

  /// The value of `primary_reselect` with which a better choice always gets the traffic. With the
  /// others it stays where it is as long as that member is up: "better" compares speeds, and all
  /// links of the model have the same.
  private static final int RESELECT_ALWAYS = 0;

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
    Optional<MacAddress> spare = Optional.empty();
    if (isBalancing(bond) && bond.members.stream().anyMatch(other -> other.mac.equals(own))) {
      spare = spareMac(bond);
      if (spare.isEmpty()) {
        bond.mac = bondMac;
        throw new Refusal("EFAULT", "another member has the MAC " + own);
      }
    }
    boolean toldMac = !isActiveBackup(bond) || bond.number(BondOption.FAIL_OVER_MAC) == 0;
    if (toldMac && !setMac(member, bond.mac)) {
      bond.mac = bondMac;
      throw Refusal.of("EADDRNOTAVAIL");
    }
    if (isBalancing(bond)) {
      setMac(member, own);
      spare.ifPresent(mac -> setMac(member, mac));
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
    bond.forcePrimary |= bond.primary().equals(Optional.of(member));
    reselect(bond);
  }

  /// `alb_handle_addr_collision_on_attach`: a MAC that a member came with and nobody has now.
  private static Optional<MacAddress> spareMac(ModelLink bond) {
    return bond.members.stream()
        .map(member -> member.permanentMac)
        .filter(mac -> bond.members.stream().noneMatch(other -> other.mac.equals(mac)))
        .findFirst();
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
    if (isBalancing(bond)) {
      takeBackMac(member, bond);
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
    if (wasActive) {
      reselect(bond);
    }
  }

  /// `alb_change_hw_addr_on_detach`: whoever has the MAC that a leaving member came with gets the
  /// one that it has now.
  private static void takeBackMac(ModelLink member, ModelLink bond) {
    if (!member.mac.equals(member.permanentMac) && !bond.mac.equals(member.permanentMac)) {
      bond.members.stream()
          .filter(other -> other.mac.equals(member.permanentMac))
          .findFirst()
          .ifPresent(holder -> holder.mac = member.mac);
    }
  }

  /// `bond_option_primary_set`: a name that is no member's is kept for later.
  void setPrimary(ModelLink bond, Optional<String> primary) {
    boolean hadOne = bond.primary().isPresent();
    Map<BondOption, OptionValue> values = new TreeMap<>(bond.options.values());
    values.remove(BondOption.PRIMARY);
    primary.ifPresent(name -> values.put(BondOption.PRIMARY, new OptionValue.MemberName(name)));
    bond.options = new BondOptions(values);
    boolean hasOne = bond.primary().isPresent();
    bond.forcePrimary |= hasOne;
    if (hadOne || hasOne || primary.isEmpty()) {
      reselect(bond);
    }
  }

  /// `bond_option_active_slave_set`: it holds until the next time that a member is chosen.
  void setActive(ModelLink bond, ModelLink member) throws Refusal {
    if (bond.active.equals(Optional.of(member))) {
      return;
    }
    if (bond.active.isEmpty()) {
      throw new Refusal("EINVAL", "no member is active");
    }
    if (!member.isLinkUp()) {
      throw new Refusal("EINVAL", "the link of " + member.name + " is down");
    }
    activate(bond, Optional.of(member));
  }

  /// `bond_option_prio_set`: where there is a primary, no other member is chosen now.
  void setPriority(ModelLink bond, ModelLink member, int priority) {
    member.priority = priority;
    if (bond.primary().isEmpty()) {
      reselect(bond);
    }
  }

  /// `bond_miimon_commit`: what becomes of one member is no reason to look at all of them, unless
  /// it is the active one that is lost, or a better one that comes back.
  void linkChanged(ModelLink member, boolean wasUp) {
    if (member.master.isEmpty() || member.isLinkUp() == wasUp) {
      return;
    }
    ModelLink bond = member.master.get();
    boolean matters =
        wasUp
            ? bond.active.equals(Optional.of(member))
            : bond.active.isEmpty()
                || bond.primary().equals(Optional.of(member))
                || member.priority > bond.active.get().priority;
    if (matters) {
      reselect(bond);
    }
  }

  /// `bond_slave_netdev_event`: the primary is known by its name.
  void renamed(ModelLink bond, String before, String now) {
    Optional<String> primary = bond.options.get(BondOption.PRIMARY).map(OptionValue::toString);
    if (primary.filter(name -> name.equals(before) || name.equals(now)).isPresent()) {
      reselect(bond);
    }
  }

  /// Chooses the active member, if the mode has one, and moves MACs accordingly.
  private void reselect(ModelLink bond) {
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
      holder(bond, active).ifPresent(holder -> holder.mac = old);
      active.mac = bond.mac;
    } else if (bond.number(BondOption.FAIL_OVER_MAC) == FOM_ACTIVE) {
      bond.mac = active.mac;
    } else if (isFollow(bond) && !active.mac.equals(bond.mac)) {
      MacAddress old = active.mac;
      before
          .filter(bond.members::contains)
          .or(() -> holder(bond, active))
          .ifPresent(member -> setMac(member, old));
      setMac(active, bond.mac);
    }
  }

  /// `bond_get_old_active`: who has the bond's MAC, though another is active now.
  private static Optional<ModelLink> holder(ModelLink bond, ModelLink active) {
    return bond.members.stream()
        .filter(member -> member != active && member.mac.equals(bond.mac))
        .findFirst();
  }

  /// `bond_find_best_slave` and `bond_choose_primary_or_current`, as of Linux 6.0. Without a
  /// primary that is up the first of those with the highest priority is the best, whoever is
  /// active.
  private static Optional<ModelLink> choose(ModelLink bond) {
    Optional<ModelLink> current = bond.active.filter(ModelLink::isLinkUp);
    Optional<ModelLink> primary = bond.primary().filter(ModelLink::isLinkUp);
    if (primary.isPresent() && bond.forcePrimary) {
      bond.forcePrimary = false;
      return primary;
    }
    Optional<ModelLink> best = primary.or(() -> highest(bond));
    boolean stays = bond.number(BondOption.PRIMARY_RESELECT) != RESELECT_ALWAYS;
    return stays && current.isPresent() ? current : best;
  }

  private static Optional<ModelLink> highest(ModelLink bond) {
    Optional<ModelLink> best = Optional.empty();
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
