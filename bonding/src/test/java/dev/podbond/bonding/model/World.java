package dev.podbond.bonding.model;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.plan.AssignedIp;
import dev.podbond.bonding.plan.AttachmentRemoval;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import java.util.List;

/// A node with a pod, and the bond to make on it.
public record World(
    KernelModel kernel,
    BondConfig config,
    BondNames names,
    List<AssignedIp> ips,
    List<Route> routes) {
  /// The record as it is written before the first change.
  public Attachment prepared() {
    return BondPlanner.prepare(
        new AttachmentKey("c1", names.name()),
        "/run/netns/pod",
        JsonObject.of(),
        config,
        names,
        kernel.facts());
  }

  /// Makes the bond through an execution, as ADD does.
  ///
  /// @return the finished record
  public Attachment add(Execution execution) throws ChangeFailedException {
    NodeFacts facts = kernel.facts();
    Attachment prepared = prepared();
    execution.run(BondPlanner.assemble(config, names, facts));
    execution.run(BondPlanner.address(prepared.addressed(), ips, routes));
    List<IpPrefix> addresses = ips.stream().map(AssignedIp::address).toList();
    return prepared.complete(addresses, BondPlanner.withGateways(ips, routes));
  }

  /// How many changes ADD makes; counting uses the world up.
  public int countChanges() throws ChangeFailedException {
    int[] count = {0};
    Kernel counting =
        change -> {
          kernel.apply(change);
          count[0]++;
        };
    add(new Execution(counting));
    return count[0];
  }

  /// Removes the bond, as DEL does.
  ///
  /// @return what could not be removed
  public List<ChangeFailedException> remove(Attachment attachment) {
    return new Execution(kernel).runAll(AttachmentRemoval.plan(attachment, kernel.facts()));
  }
}
