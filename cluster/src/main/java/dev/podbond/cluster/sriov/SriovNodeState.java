package dev.podbond.cluster.sriov;

import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.cluster.object.PfName;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A SriovNetworkNodeState: the VFs of a node by PF and resource.
///
/// @param node the node's name, which is the object's name
/// @param syncError the last failure of the node's daemon; empty while it succeeds
public record SriovNodeState(String node, List<VfGroup> groups, Optional<String> syncError) {
  public SriovNodeState {
    groups = List.copyOf(groups);
  }

  /// The state of a SriovNetworkNodeState object.
  public static SriovNodeState of(JsonObject manifest) {
    List<VfGroup> groups = new ArrayList<>();
    for (JsonObject nic :
        LenientObject.objects(LenientObject.object(manifest, "spec"), "interfaces")) {
      String pf =
          LenientObject.text(nic, "name")
              .or(() -> LenientObject.text(nic, "pciAddress"))
              .orElse("");
      int vfs = LenientObject.number(nic, "numVfs").orElse(0);
      for (JsonObject group : LenientObject.objects(nic, "vfGroups")) {
        LenientObject.text(group, "resourceName")
            .ifPresent(resource ->
                groups.add(
                    new VfGroup(
                        resource,
                        pf,
                        LenientObject.text(nic, "pciAddress").flatMap(PciAddress::parse),
                        size(LenientObject.text(group, "vfRange"), pf, vfs))));
      }
    }
    JsonObject status = LenientObject.object(manifest, "status");
    return new SriovNodeState(
        LenientObject.text(LenientObject.object(manifest, "metadata"), "name").orElse(""),
        groups,
        LenientObject.text(status, "syncStatus")
            .filter("Failed"::equals)
            .map(_ -> LenientObject.text(status, "lastSyncError").orElse("no reason given")));
  }

  /// The PFs from which a VF of the resource may come.
  public Set<String> pfs(String resource) {
    return groups.stream()
        .filter(group -> group.resource().equals(resource))
        .map(VfGroup::pf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The PCI devices, `0000:3b:00`, that have these PFs, as far as their addresses are known.
  public Set<String> cards(String resource) {
    return groups.stream()
        .filter(group -> group.resource().equals(resource))
        .flatMap(group -> group.pfPci().stream())
        .map(pci -> PfPlace.at(pci).device())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The resources that have VFs of a PF that one of these has VFs of, too; these among them.
  public Set<String> mates(Set<String> resources) {
    Set<String> shared =
        groups.stream()
            .filter(group -> resources.contains(group.resource()))
            .map(VfGroup::pf)
            .collect(Collectors.toSet());
    return groups.stream()
        .filter(group -> shared.contains(group.pf()))
        .map(VfGroup::resource)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Whether the address of each PF is known that has VFs of one of these resources.
  public boolean knowsCards(Set<String> resources) {
    return groups.stream()
        .filter(group -> resources.contains(group.resource()))
        .allMatch(group -> group.pfPci().isPresent());
  }

  /// How many VFs the resource has here.
  public int vfCount(String resource) {
    return groups.stream()
        .filter(group -> group.resource().equals(resource))
        .mapToInt(VfGroup::vfCount)
        .sum();
  }

  /// The range is written `0-3`, with or without the PF before it; without a range it is all VFs.
  private static int size(Optional<String> range, String pf, int vfs) {
    return range
        .flatMap(text -> PfName.parse(text.contains("#") ? text : pf + "#" + text))
        .flatMap(PfName::range)
        .map(found -> found.last() - found.first() + 1)
        .orElse(vfs);
  }
}
