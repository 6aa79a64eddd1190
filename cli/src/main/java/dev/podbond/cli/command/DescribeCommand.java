package dev.podbond.cli.command;

import dev.podbond.bonding.state.Cause;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.NodeBonds;
import dev.podbond.cli.show.BondDescription;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `podbond describe BOND`: all that is known of a bond, as `kubectl bond describe` shows it.
final class DescribeCommand implements Subcommand {
  private final Console console;
  private final AgentSocket agent;
  private final Timepiece time;
  private final Cause.PfCarriers carriers;

  /// @param env the environment, which may name the socket, as for shims
  /// @param carriers of the PFs of this node
  DescribeCommand(
      Console console, Map<String, String> env, Timepiece time, Cause.PfCarriers carriers) {
    this.console = console;
    this.agent = AgentSocket.in(env);
    this.time = time;
    this.carriers = carriers;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("describe")
            .addPositional(
                BondOperand.required("describe the bonds of this pod, or those of this name"));
    spec.usageMessage()
        .description(
            "Shows all that is known of a bond: its health and the cause, problems, members with"
                + " VF, PF and carrier, and its last changes.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    String wanted = BondOperand.of(arguments);
    KnownBonds known = AgentSocket.bonds(arguments);
    List<KnownBond> bonds = known.of(wanted);
    if (bonds.isEmpty()) {
      throw new FailureException(
          known.isStarting()
              ? KnownBonds.STARTING
              : BondOperand.unknown(wanted)
                  + "; `podbond diagnose "
                  + wanted
                  + "` looks for the reason");
    }
    NodeBonds node = NodeBonds.ofThisNode(known, carriers);
    boolean isFirst = true;
    for (KnownBond bond : bonds) {
      if (!isFirst) {
        console.say("");
      }
      isFirst = false;
      BondDescription.lines(bond, node, time.now()).forEach(console::say);
    }
    known.limits().forEach(text -> console.complain("warning: " + text));
    return ExitCodes.DONE;
  }
}
