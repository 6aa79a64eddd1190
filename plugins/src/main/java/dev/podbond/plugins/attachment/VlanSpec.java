package dev.podbond.plugins.attachment;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.plan.VlanPlanner;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Set;

/// A VLAN on a bond of the pod as one network configuration of type `bond` with `vlanOn` wants it.
///
/// @param ifname its name in the pod
public record VlanSpec(VlanConfig config, String ifname) implements AttachmentSpec {
  @Override
  public List<PciAddress> devices() {
    return List.of();
  }

  @Override
  public Set<String> hostLinks() {
    return Set.of();
  }

  @Override
  public Set<String> podLinks() {
    return Set.copyOf(List.of(ifname, config.bond()));
  }

  @Override
  public boolean strict() {
    return config.strict();
  }

  @Override
  public List<Finding> findings(NodeFacts facts) {
    return Preflight.findings(config, ifname, facts);
  }

  @Override
  public List<Finding> findings(IpamAddresses addresses) {
    return List.of();
  }

  @Override
  public Attachment prepare(AttachmentKey key, String netns, JsonObject json, NodeFacts facts) {
    return VlanPlanner.prepare(key, netns, json, config);
  }

  @Override
  public boolean hasInterface(NodeFacts facts) {
    return true;
  }

  @Override
  public Plan assemble(NodeFacts facts) {
    return VlanPlanner.assemble(config, ifname, facts);
  }

  @Override
  public Expectation expectation(Attachment attachment) {
    return Expectation.ofVlan(attachment, config);
  }

  @Override
  public Expectation lasting(Attachment attachment) {
    return Expectation.lastingOfVlan(attachment, config);
  }

  /// Changes nothing: once a member is back in the bond, the VLAN on the bond works again by
  /// itself.
  @Override
  public Plan repair(Attachment attachment, NodeFacts facts) {
    return Plan.NOTHING;
  }

  /// Removes nothing: without a record a VLAN of this name may belong to somebody else. The kernel
  /// deletes our VLAN together with its bond.
  @Override
  public Plan removeUnrecorded(NodeFacts facts) {
    return Plan.NOTHING;
  }
}
