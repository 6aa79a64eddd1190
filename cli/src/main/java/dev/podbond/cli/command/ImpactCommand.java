package dev.podbond.cli.command;

import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.impact.Fate;
import dev.podbond.cli.impact.Impact;
import dev.podbond.cli.impact.NodeImpact;
import dev.podbond.cli.impact.Outage;
import dev.podbond.cli.impact.UnknownPfException;
import dev.podbond.cli.show.Table;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `podbond impact --pf NAME|PCI`: what becomes of this node's bonds if a PF or a card goes.
final class ImpactCommand implements Subcommand {
  private static final String PF = "--pf";
  private static final String CARD = "--card";
  private static final List<String> COLUMNS =
      List.of("pod", "bond", "mode", "outcome", "lost", "left");

  /// More of them would push what matters out of sight.
  private static final int MOST_UNPLACED = 5;

  private final Console console;
  private final AgentSocket agent;

  /// @param env the environment, which may name the socket, as for shims
  ImpactCommand(Console console, Map<String, String> env) {
    this.console = console;
    this.agent = AgentSocket.in(env);
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("impact")
            .addOption(OutputOption.spec())
            .addOption(
                option(PF, "NAME|PCI", "a PF that goes, by its interface or its PCI address"))
            .addOption(option(CARD, "PCI", "a card that goes with all its PFs, as 0000:3b:00"));
    spec.usageMessage()
        .description(
            "Tells which bonds of this node would fail over, which would lose capacity or redundancy,"
                + " and which would go down, if PFs or cards went, all of them at once. A member"
                + " with a bad uplink, or that is held back from one, keeps no bond up. Changes"
                + " nothing. Exits with 1 if a bond would go down.");
    return spec;
  }

  private static OptionSpec option(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .paramLabel(label)
        .description(description + "; may be given several times")
        .build();
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    OutputOption output = OutputOption.of(arguments);
    List<String> pfs = arguments.matchedOptionValue(PF, List.of());
    List<String> cards = arguments.matchedOptionValue(CARD, List.of());
    if (pfs.isEmpty() && cards.isEmpty()) {
      throw new ParameterException(
          arguments.commandSpec().commandLine(),
          "what is to go? Give " + PF + " NAME|PCI or " + CARD + " PCI");
    }
    KnownBonds known = AgentSocket.bonds(arguments);
    NodeImpact impact;
    try {
      impact = NodeImpact.of(known, Outage.of(Outage.Scope.THIS_NODE, known.pfs(), pfs, cards));
    } catch (UnknownPfException e) {
      throw new FailureException(e);
    }
    if (output == OutputOption.JSON) {
      console.say(impact.toJson());
    } else {
      console
          .out()
          .println(
              new Table(COLUMNS, impact.impacts().stream().map(Impact::toRow).toList()).toText());
      console.say(impact.summary());
      impact.remark().ifPresent(console::say);
    }
    warn(impact);
    known.limits().forEach(text -> console.complain("warning: " + text));
    return impact.count(Fate.DOWN) == 0 && !known.isStarting() ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  private void warn(NodeImpact impact) {
    List<String> unplaced = impact.unplaced();
    if (!unplaced.isEmpty()) {
      String named =
          String.join(", ", unplaced.subList(0, Math.min(MOST_UNPLACED, unplaced.size())));
      int more = unplaced.size() - MOST_UNPLACED;
      console.complain(
          "warning: counted as staying, since the agent does not know their PFs: "
              + named
              + (more > 0 ? " and " + more + " more" : ""));
    }
  }
}
