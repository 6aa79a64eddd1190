package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.BondMemberAttribute;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.Links;
import java.util.Optional;
import java.util.OptionalLong;

/// Makes links members of bonds, sets the options that a bond keeps per member, and which member it
/// uses.
final class MemberChanges {
  private static final String BOND = "bond";

  /// No interface has this index.
  private static final int NONE = 0;

  private final LinkLookup lookup;

  MemberChanges(LinkLookup lookup) {
    this.lookup = lookup;
  }

  /// The kernel would first take the link out of its present bond, and would not put it back if
  /// this bond then refuses it. So we refuse such a link here.
  void apply(Change.Enslave enslave) throws Refusal, NetlinkException {
    Link member = lookup.get(enslave.member());
    Link bond = lookup.get(enslave.bond());
    if (!bond.kind().orElse("").equals(BOND)) {
      throw new Refusal(
          "EOPNOTSUPP",
          bond.name() + " is not a bond but of kind " + bond.kind().orElse("(hardware)"));
    }
    if (member.master().isPresent()) {
      throw new Refusal(
          "EBUSY",
          member.name()
              + " is already a member of "
              + master(member, enslave.member()).orElse("another link"));
    }
    lookup.at(enslave.member()).links().change(member.index(), LinkChange.of().join(bond.index()));
  }

  void apply(Change.Release release) throws Refusal, NetlinkException {
    Link member = lookup.get(release.member());
    if (!master(member, release.member()).equals(Optional.of(release.bond().name()))) {
      throw new Refusal("ENOENT", member.name() + " is not a member of " + release.bond().name());
    }
    lookup.at(release.member()).links().change(member.index(), LinkChange.of().leave());
  }

  /// The kernel sets the two options one after the other; if it refuses the second, we put the
  /// first back.
  void apply(Change.SetMemberOptions set) throws Refusal, NetlinkException {
    Link member = lookup.get(set.member());
    if (member.bondMember().isEmpty()) {
      throw new Refusal("EINVAL", member.name() + " is not a member of a bond");
    }
    AttributeValues<BondMemberAttribute> wanted = AttributeValues.none();
    if (set.queueId().isPresent()) {
      wanted = wanted.with(BondMemberAttribute.QUEUE_ID, set.queueId().getAsInt());
    }
    if (set.priority().isPresent()) {
      wanted = wanted.with(BondMemberAttribute.PRIO, set.priority().getAsInt());
    }
    Links links = lookup.at(set.member()).links();
    try {
      links.change(member.index(), LinkChange.of().bondMember(wanted));
    } catch (NetlinkException e) {
      if (e.isAnswered()) {
        putBack(links, member, wanted);
      }
      throw e;
    }
  }

  void apply(Change.SetPrimary set) throws Refusal, NetlinkException {
    int member = set.primary().isEmpty() ? NONE : indexOf(set.primary().get(), set.bond());
    setOption(set.bond(), BondAttribute.PRIMARY, member);
  }

  void apply(Change.SetActiveMember set) throws Refusal, NetlinkException {
    setOption(set.bond(), BondAttribute.ACTIVE_SLAVE, indexOf(set.member(), set.bond()));
  }

  private int indexOf(String name, LinkRef bond) throws Refusal, NetlinkException {
    return lookup.get(new LinkRef(bond.place(), name)).index();
  }

  private void setOption(LinkRef ref, BondAttribute option, int member)
      throws Refusal, NetlinkException {
    Link bond = lookup.get(ref);
    if (!bond.kind().orElse("").equals(BOND)) {
      throw new Refusal("EOPNOTSUPP", bond.name() + " is not a bond");
    }
    lookup
        .at(ref)
        .links()
        .changeBond(bond.index(), AttributeValues.<BondAttribute>none().with(option, member));
  }

  private static void putBack(Links links, Link before, AttributeValues<BondMemberAttribute> wanted)
      throws NetlinkException {
    AttributeValues<BondMemberAttribute> now =
        links.get(before.index()).bondMember().orElse(AttributeValues.none());
    AttributeValues<BondMemberAttribute> was = before.bondMember().orElse(AttributeValues.none());
    for (BondMemberAttribute attribute : wanted.asMap().keySet()) {
      OptionalLong old = was.number(attribute);
      if (old.isPresent() && !old.equals(now.number(attribute))) {
        links.change(
            before.index(),
            LinkChange.of()
                .bondMember(
                    AttributeValues.<BondMemberAttribute>none().with(attribute, old.getAsLong())));
      }
    }
  }

  private Optional<String> master(Link member, LinkRef ref) throws Refusal, NetlinkException {
    return member.master().isEmpty()
        ? Optional.empty()
        : lookup.at(ref).links().find(member.master().getAsInt()).map(Link::name);
  }
}
