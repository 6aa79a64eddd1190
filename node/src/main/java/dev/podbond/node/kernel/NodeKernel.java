package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.node.netns.NodeNetns;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.wait.Polling;
import dev.podbond.value.IoReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The running kernel. Each change is one exchange over rtnetlink, or a few if one exchange cannot
/// be all or nothing; many routes share one. Drivers are unbound and bound through sysfs.
///
/// The kernel executes a message with several parts one by one, and keeps the earlier parts when it
/// refuses a later one; we put such a change back before we report it as failed. If the kernel's
/// answer is lost, we put nothing back, and the failure says that the outcome is unknown. A change
/// matches only a link's own name, never an alternative one: it must not hit another link that
/// happens to answer to the name. One plan looks a name up once and then keeps to that link; so
/// make a kernel for one call, not for a process.
public final class NodeKernel implements Kernel {
  private final LinkLookup lookup;
  private final LinkChanges links;
  private final MemberChanges members;
  private final VfChanges vfs;
  private final DriverChanges drivers;
  private final IpChanges ip;

  /// @param netns stays the caller's to close
  /// @param devices where each VF's PF is found
  /// @param polling waits for effects that a driver reports before it makes them
  public NodeKernel(NodeNetns netns, PciDevices devices, Polling polling) {
    this(netns, devices, polling, Map.of());
  }

  /// The kernel for changes that were decided on facts: a link leaves the host only if it is the
  /// link that was observed.
  ///
  /// @param netns stays the caller's to close
  /// @param devices where each VF's PF is found
  /// @param polling waits for effects that a driver reports before it makes them
  public NodeKernel(NodeNetns netns, PciDevices devices, Polling polling, NodeFacts seen) {
    this(
        netns,
        devices,
        polling,
        seen.links().stream()
            .filter(link -> link.ref().place() == Place.HOST)
            .collect(Collectors.toMap(LinkFacts::ref, LinkFacts::index, (first, _) -> first)));
  }

  private NodeKernel(
      NodeNetns netns, PciDevices devices, Polling polling, Map<LinkRef, Integer> seen) {
    this.lookup = new LinkLookup(netns);
    this.links = new LinkChanges(lookup, seen, polling);
    this.members = new MemberChanges(lookup);
    this.vfs = new VfChanges(lookup, devices);
    this.drivers = new DriverChanges(devices, polling);
    this.ip = new IpChanges(lookup);
  }

  @Override
  public void apply(Change change) throws ChangeFailedException {
    boolean done = false;
    try {
      dispatch(change);
      done = true;
    } catch (NetlinkException e) {
      throw failure(change, e);
    } catch (LinuxException e) {
      throw failure(change, e.errno(), Optional.empty());
    } catch (Refusal e) {
      throw ChangeFailedException.refused(change, e.errno(), e.reason());
    } catch (IOException e) {
      throw new ChangeFailedException(change, "EIO", IoReason.withFile(e));
    } finally {
      if (done) {
        forgetWhatChanged(change);
      } else {
        lookup.forgetAll();
      }
    }
  }

  /// Routes of one link go to the kernel together.
  @Override
  public List<Optional<ChangeFailedException>> applyEach(List<Change> changes) {
    List<Change.AddRoute> routes =
        changes.stream()
            .filter(Change.AddRoute.class::isInstance)
            .map(Change.AddRoute.class::cast)
            .toList();
    if (routes.size() < 2 || routes.size() < changes.size()) {
      return Kernel.super.applyEach(changes);
    }
    try {
      return addEach(routes);
    } catch (NetlinkException e) {
      return List.of(Optional.of(failure(routes.getFirst(), e)));
    } catch (Refusal e) {
      return List.of(
          Optional.of(ChangeFailedException.refused(routes.getFirst(), e.errno(), e.reason())));
    }
  }

  private List<Optional<ChangeFailedException>> addEach(List<Change.AddRoute> routes)
      throws Refusal, NetlinkException {
    List<Optional<NetlinkException>> answers = ip.applyEach(routes);
    List<Optional<ChangeFailedException>> failures = new ArrayList<>(answers.size());
    for (int i = 0; i < answers.size(); i++) {
      Change.AddRoute route = routes.get(i);
      failures.add(answers.get(i).map(e -> failure(route, e)));
    }
    if (failures.stream().anyMatch(Optional::isPresent)) {
      lookup.forgetAll();
    }
    return failures;
  }

  private static ChangeFailedException failure(Change change, NetlinkException e) {
    return e.isAnswered()
        ? failure(change, e.errno(), e.kernelMessage())
        : ChangeFailedException.unanswered(
            change, e.errno().symbol(), String.valueOf(e.getMessage()));
  }

  /// Of a link that was looked up, changes use its name, its index, its kind, its bond and its
  /// options in that bond.
  private void forgetWhatChanged(Change change) {
    switch (change) {
      case Change.Rebind _, Change.DeleteLink _ -> lookup.forgetAll();
      case Change.Rename rename -> lookup.forget(rename.link());
      case Change.Move move -> lookup.forget(move.link());
      case Change.Enslave(LinkRef member, LinkRef _) -> lookup.forget(member);
      case Change.Release(LinkRef member, LinkRef _) -> lookup.forget(member);
      case Change.SetMemberOptions set -> lookup.forget(set.member());
      case Change.CreateBond _,
          Change.CreateVlan _,
          Change.SetPrimary _,
          Change.SetActiveMember _,
          Change.SetAdminState _,
          Change.SetMac _,
          Change.SetMtu _,
          Change.Tune _,
          Change.AddAltName _,
          Change.RemoveAltName _,
          Change.SetVf _,
          Change.OfIpLayer _ -> {}
    }
  }

  private void dispatch(Change change) throws IOException, Refusal {
    switch (change) {
      case Change.CreateBond create -> links.apply(create);
      case Change.CreateVlan create -> links.apply(create);
      case Change.DeleteLink delete -> links.apply(delete);
      case Change.SetAdminState set -> links.apply(set);
      case Change.SetMac set -> links.apply(set);
      case Change.SetMtu set -> links.apply(set);
      case Change.Tune tune -> links.apply(tune);
      case Change.Rename rename -> links.apply(rename);
      case Change.AddAltName add -> links.apply(add);
      case Change.RemoveAltName remove -> links.apply(remove);
      case Change.Move move -> links.apply(move);
      case Change.Enslave enslave -> members.apply(enslave);
      case Change.Release release -> members.apply(release);
      case Change.SetMemberOptions set -> members.apply(set);
      case Change.SetPrimary set -> members.apply(set);
      case Change.SetActiveMember set -> members.apply(set);
      case Change.SetVf set -> vfs.apply(set);
      case Change.Rebind rebind -> drivers.apply(rebind);
      case Change.AddAddress add -> ip.apply(add);
      case Change.RemoveAddress remove -> ip.apply(remove);
      case Change.AddRoute add -> ip.apply(add);
      case Change.RemoveRoute remove -> ip.apply(remove);
      case Change.SetSysctl set -> ip.apply(set);
    }
  }

  private static ChangeFailedException failure(
      Change change, Errno errno, Optional<String> kernelMessage) {
    return new ChangeFailedException(change, errno.symbol(), reason(errno, kernelMessage));
  }

  /// The error, with the kernel's explanation whenever there is one.
  static String reason(Errno errno, Optional<String> kernelMessage) {
    return errno + kernelMessage.map(text -> ": " + text).orElse("");
  }
}
