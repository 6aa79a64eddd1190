package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.AddAddress;
import dev.podbond.bonding.change.Change.AddAltName;
import dev.podbond.bonding.change.Change.AddRoute;
import dev.podbond.bonding.change.Change.CreateBond;
import dev.podbond.bonding.change.Change.CreateVlan;
import dev.podbond.bonding.change.Change.DeleteLink;
import dev.podbond.bonding.change.Change.Enslave;
import dev.podbond.bonding.change.Change.Move;
import dev.podbond.bonding.change.Change.Release;
import dev.podbond.bonding.change.Change.RemoveAddress;
import dev.podbond.bonding.change.Change.RemoveRoute;
import dev.podbond.bonding.change.Change.SetMac;
import dev.podbond.bonding.change.Change.SetMemberOptions;
import dev.podbond.bonding.change.Change.SetSysctl;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.config.MemberSpec.Device;
import dev.podbond.bonding.config.MemberSpec.Named;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Plans that make a bond in a pod. [AttachmentRemoval] removes it.
public final class BondPlanner {
  private BondPlanner() {}

  /// The name of the VLAN interface on top of a bond: `bond0.5`. The bond's part is shortened if
  /// the name would exceed the kernel's limit of 15 characters.
  public static String vlanName(String bond, int vlanId) {
    return FreeName.cut(bond, "." + vlanId);
  }

  /// The record of an attachment, to be stored before [#assemble] is executed.
  ///
  /// @param json the original configuration
  /// @throws IllegalArgumentException if the facts lack a member, which preflight refuses
  public static Attachment prepare(
      AttachmentKey key,
      String netns,
      JsonObject json,
      BondConfig config,
      BondNames names,
      NodeFacts facts) {
    List<SavedLink> links = new ArrayList<>();
    List<SavedVf> vfs = new ArrayList<>();
    for (Member member : Member.resolve(config, names, facts)) {
      switch (member.spec()) {
        case Named _ -> links.add(SavedLink.of(member.link(), member.podName()));
        case Device device ->
            vfs.add(VfPlanner.save(device.pci(), device.vf(), member.podName(), facts));
      }
    }
    return Attachment.prepared(key, config.network(), "bond", netns, json)
        .withInterfaces(Optional.of(names), vlan(config, names))
        .withTaken(links, vfs);
  }

  private static Optional<String> vlan(BondConfig config, BondNames names) {
    return config.vlanId().isPresent()
        ? Optional.of(vlanName(names.name(), config.vlanId().getAsInt()))
        : Optional.empty();
  }

  /// Makes the bond. It moves members into the pod if they are not there yet, creates the bond with
  /// all its options in one message, joins the members to it, sets everything up, and puts a VLAN
  /// on top if requested.
  ///
  /// @throws IllegalArgumentException if the facts lack a member, which preflight refuses
  public static Plan assemble(BondConfig config, BondNames names, NodeFacts facts) {
    List<Member> members = Member.resolve(config, names, facts);
    Plan arrival = Plan.NOTHING;
    for (Member member : members) {
      arrival = arrival.then(arrival(member, facts));
    }
    PlanBuilder builder = new PlanBuilder();
    LinkRef bond = LinkRef.pod(names.name());
    builder.add(
        new CreateBond(bond, options(config, members), config.mac(), mtu(config, members)),
        new DeleteLink(bond, "bond"));
    names.altName().ifPresent(altName -> builder.add(new AddAltName(bond, altName)));
    Map<Member, MacAddress> macs = DistinctMacs.choose(config, members);
    for (Member member : members) {
      join(builder, member, bond, Optional.ofNullable(macs.get(member)));
    }
    builder.up(bond);
    vlan(config, names)
        .map(LinkRef::pod)
        .ifPresent(vlan -> {
          builder.add(
              new CreateVlan(vlan, bond, config.vlanId().getAsInt(), OptionalInt.empty()),
              new DeleteLink(vlan, "vlan"));
          builder.up(vlan);
        });
    return arrival.then(builder.plan());
  }

  private static Plan arrival(Member member, NodeFacts facts) {
    LinkRef now = member.link().ref();
    return switch (member.spec()) {
      case Named _ when now.place() == Place.POD -> Plan.NOTHING;
      case Named _ -> {
        PlanBuilder builder = new PlanBuilder();
        if (member.link().up()) {
          builder.down(now);
        }
        builder.add(new Move(now, member.inPod()), new Move(member.inPod(), now));
        yield builder.plan();
      }
      case Device device -> VfPlanner.bring(device.pci(), device.vf(), member.inPod(), facts);
    };
  }

  /// Makes a link a member; the link is in the pod, or will be by then.
  static void join(
      PlanBuilder builder, Member member, LinkRef bond, Optional<MacAddress> distinctMac) {
    LinkRef link = member.inPod();
    if (member.arrivesUp()) {
      builder.down(link);
    }
    distinctMac.ifPresent(mac -> builder.add(new SetMac(link, mac), backTo(member, link)));
    builder.add(new Enslave(link, bond), new Release(link, bond));
    MemberOptions options = member.spec().options();
    if (!options.isDefault()) {
      builder.add(new SetMemberOptions(link, options.priority(), options.queueId()));
    }
  }

  private static List<Change> backTo(Member member, LinkRef link) {
    return member
        .arrivingMac()
        .<List<Change>>map(mac -> List.of(new SetMac(link, mac)))
        .orElse(List.of());
  }

  /// The configured options; `primary` holds the member's kernel name in the pod.
  private static BondOptions options(BondConfig config, List<Member> members) {
    if (config.options().get(BondOption.PRIMARY).orElse(null)
        instanceof OptionValue.MemberName(String name)) {
      return members.stream()
          .filter(member -> member.answersTo(name))
          .findFirst()
          .map(member ->
              config
                  .options()
                  .with(BondOption.PRIMARY, new OptionValue.MemberName(member.podName())))
          .orElse(config.options());
    }
    return config.options();
  }

  private static OptionalInt mtu(BondConfig config, List<Member> members) {
    return config.mtuBytes(members.stream().mapToInt(member -> member.link().mtuBytes()));
  }

  /// Puts addresses and routes on an interface that is up: first the sysctls that make the kernel
  /// announce changes, then the addresses, then the routes. Several routes to one destination
  /// become one multipath route.
  public static Plan address(LinkRef link, List<AssignedIp> ips, List<Route> routes) {
    PlanBuilder builder = new PlanBuilder();
    String name = link.name();
    builder.add(new SetSysctl(link.place(), "ipv4/conf/" + name + "/arp_notify", "1"));
    if (ips.stream().anyMatch(ip -> !ip.address().isIpv4())) {
      String ipv6 = "ipv6/conf/" + name;
      builder.add(new SetSysctl(link.place(), ipv6 + "/disable_ipv6", "0"));
      builder.add(new SetSysctl(link.place(), ipv6 + "/keep_addr_on_down", "1"));
      builder.add(new SetSysctl(link.place(), ipv6 + "/ndisc_notify", "1"));
    }
    for (AssignedIp ip : ips) {
      builder.add(new AddAddress(link, ip.address()), new RemoveAddress(link, ip.address()));
    }
    for (Route route : withGateways(ips, routes)) {
      builder.add(new AddRoute(link, route), new RemoveRoute(link, route));
    }
    return builder.plan();
  }

  /// The routes, each with its gateway. A route without a gateway uses the first gateway of its
  /// family among the addresses, as in the reference plugins (`ipam.ConfigureIface`), or else goes
  /// to the link itself.
  public static List<Route> withGateways(List<AssignedIp> ips, List<Route> routes) {
    return routes.stream()
        .map(route ->
            new Route(
                route.destination(),
                route.gateway().or(() -> gateway(ips, route.destination().isIpv4())),
                route.mtuBytes(),
                route.advmssBytes(),
                route.priority(),
                route.table(),
                route.scope()))
        .toList();
  }

  private static Optional<InetAddress> gateway(List<AssignedIp> ips, boolean ipv4) {
    return ips.stream()
        .flatMap(ip -> ip.gateway().stream())
        .filter(gateway -> gateway instanceof Inet4Address == ipv4)
        .findFirst();
  }

  /// The interface of a bond that answers to one of its names.
  public static Optional<LinkFacts> find(BondNames names, NodeFacts facts) {
    return bond(names.name(), facts).or(() -> names.altName().flatMap(name -> bond(name, facts)));
  }

  private static Optional<LinkFacts> bond(String name, NodeFacts facts) {
    return facts.link(Place.POD, name).filter(link -> link.kind().equals("bond"));
  }
}
