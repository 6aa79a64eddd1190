package dev.podbond.plugins.attachment;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What one ADD is to make, for either plugin: all that the order of the steps needs to know. It
/// only decides; [Add], [Del] and [Check] act on its decisions.
public sealed interface AttachmentSpec permits BondSpec, VfSpec, VlanSpec {
  /// The VFs to claim, ascending, which is the order in which they are locked.
  List<PciAddress> devices();

  /// The links on the host that are concerned by name.
  Set<String> hostLinks();

  /// The names in the pod that it concerns: those of the links it makes and of those it uses.
  Set<String> podLinks();

  /// Whether warnings are errors.
  boolean strict();

  /// The same, with the names that it gets on a node with these facts.
  default AttachmentSpec settled(NodeFacts facts) {
    return this;
  }

  /// The same with the names that it got, by its record.
  default AttachmentSpec named(Attachment record) {
    return this;
  }

  /// Why it cannot work, and what is unwise about it.
  List<Finding> findings(NodeFacts facts);

  /// What is unwise about it with the addresses that IPAM gave.
  List<Finding> findings(IpamAddresses addresses);

  /// The record to store before anything is touched.
  Attachment prepare(AttachmentKey key, String netns, JsonObject config, NodeFacts facts);

  /// Whether an interface will exist to put addresses on. A VF driven by user space has no
  /// interface.
  boolean hasInterface(NodeFacts facts);

  /// The changes, addresses aside.
  Plan assemble(NodeFacts facts);

  /// What the finished attachment must look like.
  Expectation expectation(Attachment attachment);

  /// What it must still look like after the plugins chained behind it have run.
  Expectation lasting(Attachment attachment);

  /// The changes that put members back into the attachment after they returned to the node.
  Plan repair(Attachment attachment, NodeFacts facts);

  /// The VLAN interface on top of a bond that is there but not on record.
  default Optional<String> vlan(NodeFacts facts) {
    return Optional.empty();
  }

  /// The changes that remove it where no record of it exists.
  Plan removeUnrecorded(NodeFacts facts);
}
