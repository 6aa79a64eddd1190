package dev.podbond.cli.explain;

import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.bonding.plan.VlanPlanner;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.NameChoice;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.bonding.preflight.Severity;
import dev.podbond.bonding.redundancy.Answer;
import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.bonding.redundancy.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What ADD would do to make a bond, or a VLAN on a bond, in lines for people.
///
/// @param refused whether ADD would refuse
public record Explanation(List<String> lines, boolean refused) {
  public Explanation {
    lines = List.copyOf(lines);
  }

  /// Explains a bond on a node with these facts.
  ///
  /// @param wish the names requested for it
  /// @param assumption a sentence about the assumed facts
  /// @param ipam the plugin that would give addresses
  public static Explanation of(
      BondConfig config,
      NameWish wish,
      NodeFacts facts,
      Optional<String> assumption,
      Optional<ExplainedIpam> ipam) {
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
    String link =
        config.vlanId().isPresent()
            ? BondPlanner.vlanName(names.name(), config.vlanId().getAsInt())
            : names.name();
    return judged(
        lines,
        findings,
        config.strict(),
        () -> BondPlanner.assemble(config, names, facts),
        Stream.concat(
                addressing(link, ipam).stream(),
                // PFs that are assumed are no PFs.
                assumption.isPresent()
                    ? Stream.empty()
                    : survival(Preflight.survival(config, names, facts)))
            .toList());
  }

  private static Stream<String> survival(Survival survival) {
    if (survival.isUnknown()) {
      return Stream.empty();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "With all its members up it survives, as far as PCI addresses and the host's bonds tell: "
            + survival
            + ".");
    if (survival.answer(Failure.PORT) instanceof Answer.Yes) {
      if (survival.answer(Failure.CARD) instanceof Answer.No no) {
        lines.add(
            "SameCard: all its members are on the card "
                + no.shared()
                + ", which takes all of them when it fails; take VFs of PFs of different cards if"
                + " it has to survive that.");
      }
      if (survival.answer(Failure.SWITCH) instanceof Answer.No no) {
        lines.add(
            "SameSwitch: all its members seem to be plugged into one switch, by "
                + no.how().phrase()
                + " "
                + no.shared()
                + ", which takes all of them when it fails; plug their PFs into two switches if it"
                + " has to survive that.");
      }
    }
    return lines.stream();
  }

  /// Explains a VLAN on a bond of the pod, on a node with these facts.
  ///
  /// @param ifname the runtime's interface name
  /// @param assumption a sentence about the assumed facts
  /// @param ipam the plugin that would give addresses
  public static Explanation of(
      VlanConfig config,
      String ifname,
      NodeFacts facts,
      Optional<String> assumption,
      Optional<ExplainedIpam> ipam) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Network "
            + config.network()
            + " makes VLAN "
            + config.vlanId()
            + " on the bond "
            + config.bond()
            + ": "
            + ifname
            + ".");
    assumption.ifPresent(lines::add);
    return judged(
        lines,
        Preflight.findings(config, ifname, facts),
        config.strict(),
        () -> VlanPlanner.assemble(config, ifname, facts),
        addressing(ifname, ipam));
  }

  /// @param plan called only if there is no refusal
  /// @param further lines after the plan
  private static Explanation judged(
      List<String> lines,
      List<Finding> findings,
      boolean strict,
      Supplier<Plan> plan,
      List<String> further) {
    for (Finding finding : findings) {
      lines.add(finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding);
    }
    List<Finding> refusals = Preflight.refusals(findings, strict);
    if (refusals.isEmpty()) {
      lines.add("ADD makes these changes, and takes all of them back if one fails:");
      int number = 0;
      for (Step step : plan.get().steps()) {
        number++;
        lines.add(String.format(Locale.ROOT, "%3d  %s", number, step.change()));
      }
      lines.addAll(further);
      lines.add("Nothing has been touched.");
    } else {
      lines.add(
          refusals.stream().allMatch(finding -> finding.severity() == Severity.WARNING)
              ? "ADD refuses this, for strict makes warnings errors; nothing would be touched."
              : "ADD refuses this; nothing would be touched.");
    }
    return new Explanation(lines, !refusals.isEmpty());
  }

  private static List<String> addressing(String link, Optional<ExplainedIpam> ipam) {
    return ipam.map(plugin ->
            List.of(
                "Beside that it asks the IPAM plugin "
                    + plugin.type()
                    + ", puts the addresses and routes on "
                    + link
                    + " and announces each address.",
                plugin.way()))
        .orElse(List.of("It asks for no addresses, as the configuration has no ipam."));
  }
}
