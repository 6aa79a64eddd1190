package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Change.CreateVlan;
import dev.podbond.bonding.change.Change.DeleteLink;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.util.Optional;

/// Plans that make a VLAN on a bond of the pod that another attachment made. [AttachmentRemoval]
/// removes it if it still exists: the kernel deletes a bond's VLANs with the bond.
public final class VlanPlanner {
  private VlanPlanner() {}

  /// The record of an attachment, to be stored before [#assemble] is executed.
  ///
  /// @param json the original configuration
  public static Attachment prepare(
      AttachmentKey key, String netns, JsonObject json, VlanConfig config) {
    return Attachment.prepared(key, config.network(), "bond", netns, json)
        .withInterfaces(Optional.empty(), Optional.of(key.ifname()));
  }

  /// Makes the VLAN and sets it up.
  ///
  /// @param name its name in the pod
  /// @throws IllegalArgumentException if the facts lack the bond, which preflight refuses
  public static Plan assemble(VlanConfig config, String name, NodeFacts facts) {
    LinkRef bond =
        facts
            .link(Place.POD, config.bond())
            .map(LinkFacts::ref)
            .orElseThrow(() -> new IllegalArgumentException("no bond " + config.bond()));
    LinkRef vlan = LinkRef.pod(name);
    PlanBuilder builder = new PlanBuilder();
    builder.add(
        new CreateVlan(vlan, bond, config.vlanId(), config.mtuBytes()),
        new DeleteLink(vlan, "vlan"));
    return builder.up(vlan).plan();
  }
}
