package dev.podbond.bonding.check;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.MemberSpec.Device;
import dev.podbond.bonding.config.MemberSpec.Named;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.demotion.Held;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The expected state of a finished attachment.
///
/// @param bond the bond it made; empty for an attachment of one VF
/// @param vfs the VFs it claimed
/// @param addressed the interface that carries its addresses
/// @param routes each with its gateway
/// @param tables in which routing tables the routes may be
/// @param vlan the VLAN it made on a bond that is not its own
public record Expectation(
    Optional<ExpectedBond> bond,
    List<ExpectedVf> vfs,
    LinkRef addressed,
    List<IpPrefix> addresses,
    List<Route> routes,
    Tables tables,
    Optional<ExpectedVlan> vlan) {
  /// The routing tables in which the routes may be.
  public enum Tables {
    /// The tables into which ADD put them.
    AS_MADE,
    /// Any table: later in the chain, `sbr` moves an interface's routes to their own table, and
    /// `vrf` moves the interface with its routes.
    ANY
  }

  /// The names of the pod's links that [Comparison] looks at, beside the members of a bond among
  /// them.
  public Set<String> podLinks() {
    Set<String> names = new HashSet<>();
    names.add(addressed.name());
    vlan.ifPresent(expected -> names.add(expected.link().name()));
    if (bond.isPresent()) {
      names.add(bond.get().names().name());
      bond.get().vlan().ifPresent(names::add);
    } else {
      vfs.forEach(vf -> vf.podLink().ifPresent(link -> names.add(link.name())));
    }
    return names;
  }

  /// The VFs whose settings on the PF's side [Comparison] looks at.
  public Set<PciAddress> pfSides() {
    return vfs.stream()
        .filter(vf -> !vf.pfSide().isEmpty())
        .map(vf -> vf.vf().pci())
        .collect(Collectors.toSet());
  }

  /// The destinations of the routes.
  public Set<IpPrefix> destinations() {
    return routes.stream().map(Route::destination).collect(Collectors.toSet());
  }

  /// What ADD made.
  public Expectation(
      Optional<ExpectedBond> bond,
      List<ExpectedVf> vfs,
      LinkRef addressed,
      List<IpPrefix> addresses,
      List<Route> routes) {
    this(bond, vfs, addressed, addresses, routes, Tables.AS_MADE, Optional.empty());
  }

  /// A bond as configured.
  ///
  /// @param options the requested options, with names as in the pod
  /// @param mtuBytes the MTU of the bond and its members; if it is empty, they only need to share
  ///   one
  /// @param mac its own MAC, if one was asked for
  /// @param vlan the name of the VLAN interface on top
  /// @param outside the names of members that need not be in it now
  public record ExpectedBond(
      BondNames names,
      BondMode mode,
      BondOptions options,
      List<ExpectedMember> members,
      OptionalInt mtuBytes,
      Optional<MacAddress> mac,
      Optional<String> vlan,
      Set<String> outside) {
    public ExpectedBond {
      members = List.copyOf(members);
      outside = Set.copyOf(outside);
    }

    /// A bond in which all its members are.
    public ExpectedBond(
        BondNames names,
        BondMode mode,
        BondOptions options,
        List<ExpectedMember> members,
        OptionalInt mtuBytes,
        Optional<MacAddress> mac,
        Optional<String> vlan) {
      this(names, mode, options, members, mtuBytes, mac, vlan, Set.of());
    }

    /// The kernel reports a primary only while it is a member.
    private boolean isPrimaryAmong(Set<String> names) {
      return options.get(BondOption.PRIMARY).orElse(null)
              instanceof OptionValue.MemberName(String name)
          && names.contains(name);
    }

    /// What [Demotion] changes is as it says, and not as configured.
    private ExpectedBond holding(Demotion demotion) {
      Set<String> away = new HashSet<>();
      List<ExpectedMember> held = new ArrayList<>();
      for (ExpectedMember member : members) {
        Optional<Held> how = demotion.held(member.name());
        held.add(how.isPresent() ? member.ofAnyPriority() : member);
        if (how.filter(Held.Outside.class::isInstance).isPresent()) {
          away.add(member.name());
        }
      }
      return new ExpectedBond(
          names,
          mode,
          demotion.hasPrimary() || isPrimaryAmong(away)
              ? options.without(BondOption.PRIMARY)
              : options,
          held,
          mtuBytes,
          mac,
          vlan,
          away);
    }
  }

  /// A member under its name in the pod.
  public record ExpectedMember(String name, MemberOptions options) {
    /// With any priority.
    private ExpectedMember ofAnyPriority() {
      return new ExpectedMember(name, new MemberOptions(OptionalInt.empty(), options.queueId()));
    }
  }

  /// A VF as set up.
  ///
  /// @param podLink its name in the pod; empty if user space drives it
  /// @param pfSide the settings requested through its PF, without the administrative MAC: the VF's
  ///   own MAC shows that one
  /// @param mac the requested MAC, unless a bond controls it
  public record ExpectedVf(
      VfRef vf, Optional<LinkRef> podLink, VfSettings pfSide, Optional<MacAddress> mac) {}

  /// A VLAN on a bond of the pod.
  ///
  /// @param mtuBytes if it is empty, any MTU will do
  public record ExpectedVlan(LinkRef link, OptionalInt mtuBytes) {}

  public Expectation {
    vfs = List.copyOf(vfs);
    addresses = List.copyOf(addresses);
    routes = List.copyOf(routes);
  }

  /// The bond plugin's result for a configuration, with the addresses and routes of the record.
  public static Expectation of(Attachment attachment, BondConfig config) {
    List<ExpectedMember> members = new ArrayList<>();
    for (MemberSpec spec : config.members()) {
      saved(attachment, spec)
          .ifPresent(link -> members.add(new ExpectedMember(link.podName(), spec.options())));
    }
    Stream<SavedLink> saved =
        Stream.concat(
            attachment.members().stream(),
            attachment.vfs().stream().flatMap(vf -> vf.link().stream()));
    OptionalInt mtuBytes = config.mtuBytes(saved.mapToInt(SavedLink::mtuBytes));
    Optional<ExpectedBond> bond =
        attachment
            .bond()
            .map(names ->
                new ExpectedBond(
                    names,
                    config.mode(),
                    options(attachment, config),
                    members,
                    mtuBytes,
                    config.mac(),
                    attachment.vlan()));
    return new Expectation(
        bond,
        attachment.vfs().stream().map(vf -> expected(vf, true)).toList(),
        attachment.addressed(),
        attachment.addresses(),
        attachment.routes());
  }

  /// The part that later plugins of the same chain cannot change: the specification tells CHECK to
  /// allow their changes. tuning sets an MTU that the bond's own configuration left open; sbr and
  /// vrf move routes to other tables.
  public static Expectation lasting(Attachment attachment, BondConfig config) {
    Expectation made = of(attachment, config);
    return new Expectation(
        made.bond.map(bond ->
            new ExpectedBond(
                bond.names,
                bond.mode,
                bond.options,
                bond.members,
                config.mtuBytes(),
                bond.mac,
                bond.vlan,
                bond.outside)),
        made.vfs,
        made.addressed,
        made.addresses,
        made.routes,
        Tables.ANY,
        made.vlan);
  }

  /// The sriov plugin's result.
  public static Expectation ofVf(Attachment attachment) {
    return new Expectation(
        Optional.empty(),
        attachment.vfs().stream().map(vf -> expected(vf, false)).toList(),
        attachment.addressed(),
        attachment.addresses(),
        attachment.routes());
  }

  /// The lasting part of it, as [#lasting] for a bond.
  public static Expectation lastingOfVf(Attachment attachment) {
    Expectation made = ofVf(attachment);
    return new Expectation(
        made.bond, made.vfs, made.addressed, made.addresses, made.routes, Tables.ANY, made.vlan);
  }

  /// The same without routes that a later plugin removed from the result of the whole chain, as
  /// `route-override` does when it deletes them.
  ///
  /// @param destinations of the routes in that result
  public Expectation withRoutesTo(Set<IpPrefix> destinations) {
    return new Expectation(
        bond,
        vfs,
        addressed,
        addresses,
        routes.stream().filter(route -> destinations.contains(route.destination())).toList(),
        tables,
        vlan);
  }

  /// The same while members of the bond are kept from a bad path.
  public Expectation holding(Demotion demotion) {
    return new Expectation(
        bond.map(made -> made.holding(demotion)), vfs, addressed, addresses, routes, tables, vlan);
  }

  /// The bond plugin's result for a VLAN's configuration.
  public static Expectation ofVlan(Attachment attachment, VlanConfig config) {
    return new Expectation(
        Optional.empty(),
        List.of(),
        attachment.addressed(),
        attachment.addresses(),
        attachment.routes(),
        Tables.AS_MADE,
        Optional.of(new ExpectedVlan(attachment.addressed(), config.mtuBytes())));
  }

  /// The lasting part of it, as [#lasting] for a bond.
  public static Expectation lastingOfVlan(Attachment attachment, VlanConfig config) {
    Expectation made = ofVlan(attachment, config);
    return new Expectation(
        made.bond, made.vfs, made.addressed, made.addresses, made.routes, Tables.ANY, made.vlan);
  }

  private static ExpectedVf expected(SavedVf saved, boolean isMember) {
    VfSettings set = saved.changed();
    return new ExpectedVf(
        saved.vf(),
        saved.link().map(link -> LinkRef.pod(link.podName())),
        set.with(VfSetting.ADMIN_MAC, set.adminMac().filter(_ -> saved.link().isEmpty())),
        set.adminMac().filter(_ -> !isMember && saved.link().isPresent()));
  }

  private static BondOptions options(Attachment attachment, BondConfig config) {
    BondOptions options = config.options();
    Optional<String> primary =
        options
            .get(BondOption.PRIMARY)
            .filter(OptionValue.MemberName.class::isInstance)
            .map(OptionValue::toString)
            .flatMap(name ->
                config.members().stream()
                    .filter(spec ->
                        spec.knownName().equals(Optional.of(name))
                            || saved(attachment, spec)
                                .filter(link -> link.answersTo(name))
                                .isPresent())
                    .findFirst())
            .flatMap(spec -> saved(attachment, spec))
            .map(SavedLink::podName);
    return primary
        .map(name -> options.with(BondOption.PRIMARY, new OptionValue.MemberName(name)))
        .orElse(options);
  }

  private static Optional<SavedLink> saved(Attachment attachment, MemberSpec spec) {
    return switch (spec) {
      case Named named ->
          attachment.members().stream().filter(link -> link.answersTo(named.name())).findFirst();
      case Device device ->
          attachment.vfs().stream()
              .filter(vf -> vf.pci().equals(device.pci()))
              .flatMap(vf -> vf.link().stream())
              .findFirst();
    };
  }
}
