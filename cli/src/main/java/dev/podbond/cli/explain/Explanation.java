package dev.podbond.cli.explain;

import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.NameChoice;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.bonding.preflight.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What ADD would do to make a bond, in lines for people.
///
/// @param refused whether ADD would refuse
public record Explanation(List<String> lines, boolean refused) {
  public Explanation {
    lines = List.copyOf(lines);
  }

  /// Explains a bond on a node of these facts.
  ///
  /// @param wish what it is asked to be called
  /// @param assumption the sentence that tells what of the facts was assumed
  /// @param ipamType the plugin that would be asked for addresses
  public static Explanation of(
      BondConfig config,
      NameWish wish,
      NodeFacts facts,
      Optional<String> assumption,
      Optional<String> ipamType) {
    NameChoice choice = NameChoice.of(wish, config, facts);
    BondNames names = choice.names();
    List<String> lines = new ArrayList<>();
    lines.add(
        "Network "
            + config.network()
            + " makes the bond "
            + names.name()
            + names.altName().map(name -> ", also known as " + name).orElse("")
            + ".");
    choice.reason().filter(_ -> choice.findings().isEmpty()).ifPresent(why -> lines.add(why + "."));
    assumption.ifPresent(lines::add);
    List<Finding> findings =
        Stream.concat(choice.findings().stream(), Preflight.findings(config, names, facts).stream())
            .toList();
    for (Finding finding : findings) {
      lines.add(finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding);
    }
    List<Finding> refusals = Preflight.refusals(findings, config.strict());
    if (refusals.isEmpty()) {
      lines.addAll(plan(config, names, facts, ipamType));
    } else {
      lines.add(
          refusals.stream().allMatch(finding -> finding.severity() == Severity.WARNING)
              ? "ADD refuses this, for strict makes warnings errors; nothing would be touched."
              : "ADD refuses this; nothing would be touched.");
    }
    return new Explanation(lines, !refusals.isEmpty());
  }

  private static List<String> plan(
      BondConfig config, BondNames names, NodeFacts facts, Optional<String> ipamType) {
    List<String> lines = new ArrayList<>();
    lines.add("ADD makes these changes, and takes all of them back if one fails:");
    int number = 0;
    for (Step step : BondPlanner.assemble(config, names, facts).steps()) {
      number++;
      lines.add(String.format(Locale.ROOT, "%3d  %s", number, step.change()));
    }
    String link =
        config.vlanId().isPresent()
            ? BondPlanner.vlanName(names.name(), config.vlanId().getAsInt())
            : names.name();
    lines.add(
        ipamType
            .map(type ->
                "Beside that it asks the IPAM plugin "
                    + type
                    + ", puts the addresses and routes on "
                    + link
                    + " and announces each address.")
            .orElse("It asks for no addresses, as the configuration has no ipam."));
    lines.add("Nothing has been touched.");
    return lines;
  }
}
