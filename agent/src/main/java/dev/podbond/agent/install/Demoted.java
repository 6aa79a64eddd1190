package dev.podbond.agent.install;

import dev.podbond.bonding.linkstate.VfLinkStates;
import dev.podbond.cni.spec.CniException;
import dev.podbond.ipam.HostView;
import dev.podbond.plugins.demotion.Demoting;
import dev.podbond.plugins.demotion.Demoting.Outcome;
import dev.podbond.plugins.linkstate.VfLinkSwitch;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What agents have left demoted or without a link on a node on which none runs any more.
final class Demoted {
  private final Demoting demoting;
  private final VfLinkSwitch links;

  Demoted(NodeEnvironment node) {
    this.demoting = new Demoting(node);
    this.links = new VfLinkSwitch(node);
  }

  /// Of this machine, with its state where an agent with this environment has it.
  static Demoted of(Map<String, String> environment, PrintStream log) {
    NodeEnvironment node = NodeEnvironment.ofThisMachine(log, HostView.LASTING);
    return new Demoted(
        Optional.ofNullable(environment.get("PODBOND_STATE"))
            .map(Path::of)
            .map(node::withState)
            .orElse(node));
  }

  /// Takes it back, bonds first.
  ///
  /// @return a sentence for each bond or PF of which there is anything to say
  List<String> restore() {
    List<String> said = new ArrayList<>();
    try {
      demoting.forEachDemoted(key -> restore(key).ifPresent(said::add));
      demoting.forgetOrphans();
    } catch (CniException e) {
      said.add(e.getMessage());
    }
    try {
      links.forEachPf(pf -> said.addAll(restore(pf)));
    } catch (CniException e) {
      said.add(e.getMessage());
    }
    return said;
  }

  private List<String> restore(PciAddress pf) {
    List<String> said = new ArrayList<>();
    try {
      VfLinkSwitch.Outcome outcome = links.judge(pf, VfLinkStates.Orders.RESTORE);
      if (!outcome.restored().isEmpty()) {
        said.add(
            "the VFs of the PF "
                + pf
                + " have the link states again that they had before its uplink was bad: "
                + String.join(", ", outcome.restored()));
      }
      if (outcome.isBusy()) {
        said.add(
            "somebody else is at work on VFs of the PF " + pf + ", so they stay without a link");
      }
      if (!outcome.notRestored().isEmpty()) {
        said.add(notRestored(pf, String.join("; ", outcome.notRestored())));
      }
    } catch (CniException e) {
      said.add(notRestored(pf, e.getMessage()));
    }
    return said;
  }

  private static String notRestored(PciAddress pf, String why) {
    return "the link states of the VFs of the PF " + pf + " could not be restored: " + why;
  }

  private Optional<String> restore(AttachmentKey key) {
    try {
      return switch (demoting.judge(key, Demoting.Orders.RESTORE)) {
        case Outcome.Unchanged(), Outcome.Forgotten(), Outcome.Demoted(int _, List<String> _) ->
            Optional.empty();
        case Outcome.Busy() ->
            Optional.of(
                "somebody else is at work on the bond of " + key + ", so it is left as it is");
        case Outcome.Restored(List<String> changes) ->
            Optional.of(
                "the bond of "
                    + key
                    + " is as it was before it left a path: "
                    + String.join(", ", changes));
        case Outcome.Unfinished(List<String> left) ->
            Optional.of(
                "the bond of " + key + " could not be restored: " + String.join("; ", left));
      };
    } catch (CniException e) {
      return Optional.of("the bond of " + key + " could not be restored: " + e.getMessage());
    }
  }
}
