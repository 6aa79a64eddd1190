package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.RebindRule;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PodTraces;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.value.PciAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Selects the VFs of an attachment that we cannot restore unless their drivers are unbound.
///
/// Anyone with NET_ADMIN in a pod can put a macvlan, an ipvlan or a VLAN on its VF and move that to
/// another namespace, where it stays and takes the traffic of the VF's next owner. They can also
/// move the VF itself on, where nobody finds it. Neither is visible from outside. Both end with the
/// VF's interface, which its driver makes anew when it is bound again. The steps need no undo:
/// execute them with [dev.podbond.bonding.change.Execution#runAll], observe again, and restore.
public final class Rebinding {
  private Rebinding() {}

  /// Rebinds, one by one, those of the attachment's VFs that had a kernel interface from the host
  /// and now are hidden, suspect, or without their driver.
  ///
  /// @param facts from just before the removal of the attachment
  /// @param traces of the attachment's pod
  public static Plan of(Attachment attachment, NodeFacts facts, PodTraces traces, RebindRule rule) {
    return all(
        links(attachment, facts).entrySet().stream()
            .filter(link ->
                isHidden(link.getValue(), facts) || isSuspect(link.getValue(), facts, traces, rule))
            .map(Map.Entry::getKey)
            .toList(),
        facts);
  }

  /// Rebinds these VFs, one by one, except those that are missing or driven by user space.
  public static Plan all(Collection<PciAddress> vfs, NodeFacts facts) {
    return new Plan(
        vfs.stream()
            .flatMap(pci -> facts.vf(pci).stream())
            .filter(vf -> !vf.isUserspaceDriven())
            .map(vf -> Step.of(new Change.Rebind(vf.ref())))
            .toList());
  }

  /// The attachment's VFs whose interfaces are neither in the pod nor on the host, although they
  /// have a driver that makes one.
  public static List<PciAddress> missing(Attachment attachment, NodeFacts facts) {
    return links(attachment, facts).entrySet().stream()
        .filter(link -> isHidden(link.getValue(), facts))
        .filter(link -> facts.vf(link.getKey()).flatMap(VfFacts::driver).isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// The interfaces of the attachment's own VFs, and of members taken from the host by name, as
  /// long as they are in the pod: such members are not claimed, so elsewhere they may belong to
  /// anybody by now. A link that came from the pod must be restored by the attachment that brought
  /// it there.
  private static Map<PciAddress, SavedLink> links(Attachment attachment, NodeFacts facts) {
    Map<PciAddress, SavedLink> links = new LinkedHashMap<>();
    for (SavedVf vf : attachment.vfs()) {
      vf.link().ifPresent(link -> links.put(vf.pci(), link));
    }
    attachment.members().stream()
        .filter(link -> link.home().place() == Place.HOST)
        .filter(
            link -> link.locate(facts).filter(now -> now.ref().place() == Place.POD).isPresent())
        .forEach(link -> link.pci().ifPresent(pci -> links.putIfAbsent(pci, link)));
    return links;
  }

  private static boolean isHidden(SavedLink saved, NodeFacts facts) {
    return saved.locate(facts).isEmpty();
  }

  private static boolean isSuspect(
      SavedLink saved, NodeFacts facts, PodTraces traces, RebindRule rule) {
    return switch (rule) {
      case ALWAYS -> true;
      case ON_SIGN ->
          switch (traces) {
            case OTHER_NAMESPACES, GONE -> true;
            case NONE -> hasForeignProgram(saved, saved.locate(facts));
          };
    };
  }

  /// The owner of the program may hold it, so that nobody else can remove it.
  private static boolean hasForeignProgram(SavedLink saved, Optional<LinkFacts> now) {
    Optional<String> on = Optional.of("on");
    return now.filter(link -> link.tuning().get(LinkSetting.XDP).equals(on)).isPresent()
        && !saved.tuning().get(LinkSetting.XDP).equals(on);
  }
}
