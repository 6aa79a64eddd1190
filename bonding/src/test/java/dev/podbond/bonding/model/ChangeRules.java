package dev.podbond.bonding.model;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.AddAddress;
import dev.podbond.bonding.change.Change.AddAltName;
import dev.podbond.bonding.change.Change.AddRoute;
import dev.podbond.bonding.change.Change.CreateBond;
import dev.podbond.bonding.change.Change.CreateVlan;
import dev.podbond.bonding.change.Change.DeleteLink;
import dev.podbond.bonding.change.Change.Enslave;
import dev.podbond.bonding.change.Change.Move;
import dev.podbond.bonding.change.Change.Rebind;
import dev.podbond.bonding.change.Change.Release;
import dev.podbond.bonding.change.Change.RemoveAddress;
import dev.podbond.bonding.change.Change.RemoveAltName;
import dev.podbond.bonding.change.Change.RemoveRoute;
import dev.podbond.bonding.change.Change.Rename;
import dev.podbond.bonding.change.Change.SetActiveMember;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMac;
import dev.podbond.bonding.change.Change.SetMemberOptions;
import dev.podbond.bonding.change.Change.SetMtu;
import dev.podbond.bonding.change.Change.SetPrimary;
import dev.podbond.bonding.change.Change.SetSysctl;
import dev.podbond.bonding.change.Change.SetVf;
import dev.podbond.bonding.change.Change.Tune;
import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.value.InterfaceName;
import dev.podbond.value.IpPrefix;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What each change does to the model, and when the model refuses it.
final class ChangeRules {
  private static final Pattern LINK_SYSCTL = Pattern.compile("ipv[46]/conf/([^/]+)/([a-z0-9_]+)");
  private static final int MIN_MTU = 68;
  private static final int MAX_MTU = 65535;
  private static final int DEFAULT_MTU = 1500;
  private static final int TX_QUEUES = 16;

  private ChangeRules() {}

  static void apply(KernelModel kernel, Change change) throws Refusal {
    switch (change) {
      case CreateBond create -> create(kernel, create);
      case CreateVlan create -> create(kernel, create);
      case DeleteLink(LinkRef ref, String kind) -> {
        ModelLink link = link(kernel, ref);
        check(link.kind.equals(kind), "EINVAL");
        kernel.delete(link);
      }
      case SetAdminState(LinkRef ref, boolean up) -> kernel.setAdminState(link(kernel, ref), up);
      case Enslave(LinkRef member, LinkRef bond) ->
          kernel.bonding.enslave(link(kernel, member), bond(kernel, bond));
      case Release(LinkRef ref, LinkRef bond) -> {
        ModelLink member = link(kernel, ref);
        check(member.master.filter(m -> m.name.equals(bond.name())).isPresent(), "ENOENT");
        kernel.bonding.release(member);
      }
      case SetMemberOptions set -> {
        ModelLink member = link(kernel, set.member());
        ModelLink bond = member.master.orElseThrow(() -> Refusal.of("EINVAL"));
        check(set.queueId().isEmpty() || isFree(set.queueId().getAsInt(), member, bond), "EPERM");
        check(set.priority().isEmpty() || bond.hasActive(), "EACCES");
        set.queueId().ifPresent(value -> member.queueId = value);
        set.priority().ifPresent(value -> kernel.bonding.setPriority(bond, member, value));
      }
      case SetPrimary(LinkRef ref, Optional<String> primary) -> {
        if (primary.isPresent()) {
          link(kernel, new LinkRef(ref.place(), primary.get()));
        }
        ModelLink bond = bond(kernel, ref);
        check(bond.hasActive(), "EACCES");
        kernel.bonding.setPrimary(bond, primary);
      }
      case SetActiveMember(LinkRef ref, String name) -> {
        ModelLink member = link(kernel, new LinkRef(ref.place(), name));
        ModelLink bond = bond(kernel, ref);
        check(bond.hasActive(), "EACCES");
        check(member.master.equals(Optional.of(bond)), "EINVAL");
        kernel.bonding.setActive(bond, member);
      }
      case SetMac set -> {
        ModelLink link = link(kernel, set.link());
        check(set.mac().isUnicast(), "EADDRNOTAVAIL");
        check(kernel.bonding.setOwnMac(link, set.mac()), "EADDRNOTAVAIL");
      }
      case SetMtu(LinkRef ref, int mtuBytes) -> {
        ModelLink link = link(kernel, ref);
        check(mtuBytes >= MIN_MTU && mtuBytes <= MAX_MTU, "EINVAL");
        link.mtuBytes = mtuBytes;
        link.members.forEach(member -> member.mtuBytes = mtuBytes);
      }
      case Tune(LinkRef ref, LinkSetting setting, String value) -> {
        ModelLink link = link(kernel, ref);
        check(link.tuning.get(setting).isPresent() && setting.takes(value), "EOPNOTSUPP");
        link.tuning = link.tuning.with(setting, value);
      }
      case Rename(LinkRef ref, String newName) -> {
        ModelLink link = link(kernel, ref);
        check(!link.up, "EBUSY");
        check(InterfaceName.isValid(newName), "EINVAL");
        check(!kernel.isTaken(ref.place(), newName), "EEXIST");
        String before = link.name;
        link.name = newName;
        link.master.ifPresent(bond -> kernel.bonding.renamed(bond, before, newName));
      }
      case AddAltName(LinkRef ref, String altName) -> {
        ModelLink link = link(kernel, ref);
        check(InterfaceName.isValidAlternative(altName), "EINVAL");
        check(!kernel.isTaken(ref.place(), altName), "EEXIST");
        link.altNames.add(altName);
      }
      case RemoveAltName(LinkRef ref, String altName) -> {
        ModelLink link = link(kernel, ref);
        boolean isOwn = link.altNames.remove(altName);
        // Of another link, or its own first name.
        check(isOwn || !kernel.isTaken(ref.place(), altName), "EINVAL");
        check(isOwn, "ENOENT");
      }
      case Move(LinkRef ref, LinkRef destination) -> move(kernel, ref, destination);
      case SetVf set -> kernel.setVf(set.vf(), set.settings());
      case Rebind rebind -> kernel.rebind(rebind.vf());
      case AddAddress add -> {
        ModelLink link = link(kernel, add.link());
        check(!link.addresses.contains(add.address()), "EEXIST");
        link.addresses.add(add.address());
      }
      case RemoveAddress remove -> {
        ModelLink link = link(kernel, remove.link());
        check(link.addresses.remove(remove.address()), "EADDRNOTAVAIL");
        // A link without an IPv4 address has no IPv4, and so no routes.
        if (link.addresses.stream().noneMatch(IpPrefix::isIpv4)) {
          link.routes.removeIf(route -> route.destination().isIpv4());
        }
      }
      case AddRoute add -> {
        ModelLink link = link(kernel, add.link());
        // The kernel first looks up the gateway, and finds none through a link that is down.
        check(link.up || add.route().gateway().isEmpty(), "ENETUNREACH");
        check(link.up, "ENETDOWN");
        check(!link.routes.contains(add.route()), "EEXIST");
        check(
            add.route().gateway().isEmpty()
                || link.addresses.stream()
                    .anyMatch(
                        own -> KernelModel.contains(own, add.route().gateway().get().getAddress())),
            "ENETUNREACH");
        link.routes.add(add.route());
      }
      case RemoveRoute remove ->
          check(link(kernel, remove.link()).routes.remove(remove.route()), "ESRCH");
      case SetSysctl(Place place, String key, String value) -> {
        Matcher matcher = LINK_SYSCTL.matcher(key);
        check(matcher.matches(), "ENOENT");
        ModelLink link =
            kernel
                .find(new LinkRef(place, matcher.group(1)))
                .orElseThrow(() -> Refusal.of("ENOENT"));
        link.sysctls.put(matcher.group(2), value);
      }
    }
  }

  private static void create(KernelModel kernel, CreateBond create) throws Refusal {
    LinkRef ref = create.bond();
    checkNew(kernel, ref);
    int mtuBytes = create.mtuBytes().orElse(DEFAULT_MTU);
    check(mtuBytes >= MIN_MTU && mtuBytes <= MAX_MTU, "EINVAL");
    check(create.mac().isEmpty() || create.mac().get().isUnicast(), "EADDRNOTAVAIL");
    BondOptions options = BondDriver.created(create.options(), kernel.unknownOptions);
    ModelLink bond = kernel.create(ref, "bond", create.mac(), mtuBytes);
    bond.options = options;
    bond.macIsRandom = create.mac().isEmpty();
  }

  private static void create(KernelModel kernel, CreateVlan create) throws Refusal {
    checkNew(kernel, create.vlan());
    ModelLink over = link(kernel, create.over());
    check(create.vlanId() >= 1 && create.vlanId() <= 4094, "ERANGE");
    check(
        kernel.links.stream()
            .noneMatch(
                link -> link.over.equals(Optional.of(over)) && link.vlanId == create.vlanId()),
        "EEXIST");
    ModelLink vlan =
        kernel.create(
            create.vlan(), "vlan", Optional.of(over.mac), create.mtuBytes().orElse(over.mtuBytes));
    vlan.over = Optional.of(over);
    vlan.vlanId = create.vlanId();
  }

  private static void checkNew(KernelModel kernel, LinkRef ref) throws Refusal {
    check(InterfaceName.isValid(ref.name()), "EINVAL");
    check(!kernel.isTaken(ref.place(), ref.name()), "EEXIST");
  }

  private static void move(KernelModel kernel, LinkRef ref, LinkRef destination) throws Refusal {
    ModelLink link = link(kernel, ref);
    if (link.kind.equals("bond")) {
      throw new Refusal("EINVAL", "The interface netns is immutable");
    }
    check(InterfaceName.isValid(destination.name()), "EINVAL");
    check(!kernel.isTaken(destination.place(), destination.name()), "EEXIST");
    check(!link.altNames.contains(destination.name()), "EEXIST");
    for (String altName : link.altNames) {
      check(!kernel.isTaken(destination.place(), altName), "EEXIST");
    }
    kernel.move(link, destination);
  }

  /// `bond_option_queue_id_set`: 0 for no queue, otherwise up to the number of queues, and unique.
  private static boolean isFree(int queueId, ModelLink member, ModelLink bond) {
    return queueId == 0
        || (queueId <= TX_QUEUES
            && bond.members.stream()
                .noneMatch(other -> other != member && other.queueId == queueId));
  }

  private static ModelLink link(KernelModel kernel, LinkRef ref) throws Refusal {
    return kernel.find(ref).orElseThrow(() -> Refusal.of("ENODEV"));
  }

  private static ModelLink bond(KernelModel kernel, LinkRef ref) throws Refusal {
    ModelLink bond = link(kernel, ref);
    check(bond.kind.equals("bond"), "EOPNOTSUPP");
    return bond;
  }

  private static void check(boolean holds, String errno) throws Refusal {
    if (!holds) {
      throw Refusal.of(errno);
    }
  }
}
