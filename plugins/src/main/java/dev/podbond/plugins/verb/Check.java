package dev.podbond.plugins.verb;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.check.Comparison;
import dev.podbond.bonding.check.Difference;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.check.TuningComparison;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Route;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.attachment.IpamAddresses;
import dev.podbond.plugins.attachment.SpecReader;
import dev.podbond.plugins.ipam.ConfiguredIpam;
import dev.podbond.plugins.ipam.IpamCall;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PluginErrorCodes;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.value.AttachmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// CHECK: compares what ADD recorded with what is there, then asks IPAM.
public final class Check {
  private final NodeSession session;
  private final SpecReader reader;

  /// For one call.
  ///
  /// @param reader of the plugin that was called
  public Check(NodeSession session, SpecReader reader) {
    this.session = session;
    this.reader = reader;
  }

  /// Compares.
  ///
  /// @throws CniException with code 103 if the attachment is not as ADD left it, naming each
  ///   difference
  public void run(Invocation call) throws CniException {
    AttachmentKey key = new AttachmentKey(call.containerId(), call.ifname());
    Attachment record;
    try (HeldLock _ = session.lock(key)) {
      record =
          session
              .record(key)
              .orElseThrow(() ->
                  new CniException(
                      PluginErrorCodes.DIFFERENT,
                      "there is no record of "
                          + key
                          + ": it was never attached, or by another"
                          + " plugin; DEL and ADD it"));
      compare(record, session.demotion(key), call);
    } catch (StateException e) {
      throw session.failure(e);
    }
    Optional<Ipam> ipam = ConfiguredIpam.asked(call.config(), session.node().ipam());
    if (ipam.isPresent()) {
      ipam.get().check(IpamCall.named(call, record.ipamIfname()));
    }
  }

  private void compare(Attachment record, Optional<Demotion> demoted, Invocation call)
      throws CniException {
    try (PodNet pod = PodNet.open(session.node(), call.requiredNetns())) {
      if (!pod.isOf(record)) {
        throw new CniException(
            PluginErrorCodes.DIFFERENT,
            "the network namespace "
                + call.requiredNetns()
                + " is not the one in which "
                + record.key()
                + " was attached: that one is gone; DEL and ADD it");
      }
      NodeFacts facts = pod.observeWithRoutes(record);
      List<Difference> differences =
          new ArrayList<>(Comparison.differences(expectation(record, demoted, call), facts));
      differences.addAll(TuningComparison.differences(record, facts));
      for (Difference remark : TuningComparison.remarks(record, facts)) {
        session.node().warn(remark + "; ADD did not set this, and DEL sets it back");
      }
      if (!differences.isEmpty()) {
        throw new CniException(
            PluginErrorCodes.DIFFERENT,
            record.key()
                + " is not as ADD left it: "
                + differences.stream().map(Difference::toString).collect(Collectors.joining("; ")));
      }
    }
  }

  /// Uses the configuration of the time of ADD, not today's, but for what the agent has changed
  /// itself: it changes that back.
  private Expectation expectation(Attachment record, Optional<Demotion> demoted, Invocation call)
      throws CniException {
    Expectation asMade =
        reader.read(record, call.args(), session.node().settings()).lasting(record);
    Expectation lasting = demoted.map(asMade::holding).orElse(asMade);
    Optional<CniResult> ofTheChain = call.config().prevResult(call.version());
    return ofTheChain.isPresent()
        ? lasting.withRoutesTo(
            IpamAddresses.of(ofTheChain.get()).routes().stream()
                .map(Route::destination)
                .collect(Collectors.toSet()))
        : lasting;
  }
}
