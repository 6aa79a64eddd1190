package dev.podbond.plugins.attachment;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.plan.Repair;
import dev.podbond.bonding.plan.VfPlanner;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Set;

/// One VF in a pod as a network configuration of type `sriov` wants it.
///
/// @param ifname its name in the pod
public record VfSpec(SriovConfig config, String ifname) implements AttachmentSpec {
  @Override
  public List<PciAddress> devices() {
    return List.of(config.device());
  }

  @Override
  public Set<String> hostLinks() {
    return Set.of();
  }

  @Override
  public Set<String> podLinks() {
    return Set.of(ifname);
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
    return VfPlanner.prepare(key, netns, json, config, facts);
  }

  @Override
  public boolean hasInterface(NodeFacts facts) {
    return facts.vf(config.device()).flatMap(VfFacts::link).isPresent();
  }

  @Override
  public Plan assemble(NodeFacts facts) {
    return VfPlanner.attach(config.device(), config.vf(), LinkRef.pod(ifname), facts);
  }

  @Override
  public Expectation expectation(Attachment attachment) {
    return Expectation.ofVf(attachment);
  }

  @Override
  public Expectation lasting(Attachment attachment) {
    return Expectation.lastingOfVf(attachment);
  }

  @Override
  public Plan repair(Attachment attachment, NodeFacts facts) {
    return Repair.ofVf(attachment, config, facts);
  }

  /// Removes nothing: only the record tells how the VF was before. sriov-cni too answers a DEL
  /// without a record with success.
  @Override
  public Plan removeUnrecorded(NodeFacts facts) {
    return Plan.NOTHING;
  }
}
