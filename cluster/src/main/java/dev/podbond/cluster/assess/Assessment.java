package dev.podbond.cluster.assess;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondMember;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The operator's judgement of a BondNetwork and the objects around it.
///
/// @param findings the problems, the gravest first
/// @param attachments the network attachments to apply, the bond's first; empty if they may not be
///   applied
/// @param nodes the nodes that can serve it, by name
/// @param claim what its pods claim; empty unless its VFs are claimed, or if no template may be
///   applied
public record Assessment(
    BondNetwork bond,
    List<VfNetwork> members,
    List<Finding> findings,
    List<JsonObject> attachments,
    List<NodeCapacity> nodes,
    Optional<ClaimTemplate> claim) {
  public Assessment {
    members = List.copyOf(members);
    findings = List.copyOf(findings);
    attachments = List.copyOf(attachments);
    nodes = List.copyOf(nodes);
  }

  /// Judges a BondNetwork.
  public static Assessment of(BondNetwork bond, ClusterSnapshot snapshot) {
    Optional<String> misnamed = bond.nameProblem();
    if (misnamed.isPresent()) {
      return unrendered(bond, Reason.INVALID_BOND, misnamed.get());
    }
    BondConfig config;
    try {
      config = bond.bond();
    } catch (InvalidConfigException e) {
      return unrendered(bond, Reason.INVALID_BOND, e.getMessage());
    }
    Optional<String> foreignIpam = snapshot.rules().ipam().refusal(bond);
    if (foreignIpam.isPresent()) {
      return unrendered(bond, Reason.IPAM_NOT_ALLOWED, foreignIpam.get());
    }
    Optional<String> foreignChain = snapshot.rules().chain().refusal(bond);
    if (foreignChain.isPresent()) {
      return unrendered(bond, Reason.CHAIN_NOT_ALLOWED, foreignChain.get());
    }
    List<Finding> findings = new ArrayList<>();
    List<VfNetwork> members = new ArrayList<>();
    for (BondMember member : bond.members()) {
      Optional<VfNetwork> network = snapshot.network(bond, member.network());
      if (network.isEmpty()) {
        findings.add(notFound(bond, member));
        continue;
      }
      members.add(network.get());
      rendered(network.get(), snapshot).forEach(findings::add);
      MemberFindings.of(config, bond, network.get(), snapshot.policies(network.get().resource()))
          .forEach(findings::add);
    }
    List<String> taken =
        bond.attachments().stream().filter(path -> nameTaken(bond, path, snapshot)).toList();
    for (String path : taken) {
      findings.add(
          new Finding(
              Reason.NAME_TAKEN,
              "a NetworkAttachmentDefinition "
                  + path
                  + " exists that is not this BondNetwork's; delete it, or give one of them"
                  + " another name"));
    }
    List<NodeCapacity> nodes = List.of();
    Optional<ClaimTemplate> claim = Optional.empty();
    if (members.size() == bond.members().size()) {
      CrossMemberFindings.of(config, members, snapshot).forEach(findings::add);
      SwitchLagFindings.of(bond, config.mode(), members, snapshot).ifPresent(findings::add);
      switch (bond.allocation()) {
        case Allocation.DevicePlugin _ -> {
          CrossMemberFindings.oneResource(members).forEach(findings::add);
          NodeFindings perNode = NodeFindings.of(bond, members, snapshot);
          findings.addAll(perNode.findings());
          nodes = perNode.nodes();
        }
        case Allocation.Dra dra -> {
          List<String> devices = members.stream().map(snapshot::device).toList();
          ClaimFindings claimed = ClaimFindings.of(bond, dra, devices, snapshot.claims());
          findings.addAll(claimed.findings());
          nodes = claimed.nodes();
          claim = claimed.template();
        }
      }
    }
    return new Assessment(
        bond,
        members,
        ordered(findings),
        taken.isEmpty() ? BondAttachment.render(bond, snapshot.names().plugin()) : List.of(),
        nodes,
        claim);
  }

  /// With one more finding, of whoever has applied it.
  public Assessment with(Finding finding) {
    List<Finding> all = new ArrayList<>(findings);
    all.add(finding);
    return new Assessment(bond, members, ordered(all), attachments, nodes, claim);
  }

  /// With what the bonds of pods tell.
  ///
  /// @param sum how they are; empty if nobody observes them
  public Assessment observing(Optional<JsonObject> sum) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(ObservedFindings.in(bond, sum));
    return new Assessment(bond, members, ordered(all), attachments, nodes, claim);
  }

  /// The findings with this effect.
  public List<Finding> findings(Reason.Effect effect) {
    return findings.stream().filter(finding -> finding.reason().effect() == effect).toList();
  }

  private static Assessment unrendered(BondNetwork bond, Reason reason, String problem) {
    return new Assessment(
        bond,
        List.of(),
        List.of(new Finding(reason, problem)),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static Finding notFound(BondNetwork bond, BondMember member) {
    return new Finding(
        Reason.MEMBER_NOT_FOUND,
        "there is no SriovNetwork "
            + member.network()
            + " whose network is in namespace "
            + bond.namespace()
            + "; create it with networkNamespace: "
            + bond.namespace());
  }

  private static Stream<Finding> rendered(VfNetwork network, ClusterSnapshot snapshot) {
    return snapshot.rendered().containsKey(network.attachment())
        ? Stream.empty()
        : Stream.of(
            new Finding(
                Reason.MEMBER_NOT_RENDERED,
                "SriovNetwork "
                    + network.object()
                    + " has no NetworkAttachmentDefinition "
                    + network.attachment()
                    + " yet; if it stays so, look at the SR-IOV Network Operator, and whether the"
                    + " namespace exists"));
  }

  private static boolean nameTaken(BondNetwork bond, String path, ClusterSnapshot snapshot) {
    return Optional.ofNullable(snapshot.rendered().get(path))
        .filter(existing -> !BondAttachment.isOwnedBy(existing, bond))
        .isPresent();
  }

  private static List<Finding> ordered(List<Finding> findings) {
    return findings.stream()
        .distinct()
        .sorted(
            Comparator.comparing((Finding finding) -> finding.reason().effect())
                .thenComparing(Finding::reason))
        .toList();
  }
}
