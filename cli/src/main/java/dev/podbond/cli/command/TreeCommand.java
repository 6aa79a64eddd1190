package dev.podbond.cli.command;

import dev.podbond.bonding.state.Cause;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.KnownPf;
import dev.podbond.cli.bond.NodeBonds;
import dev.podbond.cli.bond.ReportedNodes;
import dev.podbond.cli.impact.Outage;
import dev.podbond.cli.impact.UnknownPfException;
import dev.podbond.cli.show.BondTree;
import dev.podbond.cluster.observed.Health;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `podbond tree`: from PFs over members to bonds and pods, as `kubectl bond tree` shows it.
final class TreeCommand implements Subcommand {
  private static final String PF = "--pf";
  private static final String UNHEALTHY = "--unhealthy";

  /// The first that is set decides, as in locale(7).
  private static final List<String> LOCALES = List.of("LC_ALL", "LC_CTYPE", "LANG");

  private final Console console;
  private final AgentSocket agent;
  private final Cause.PfCarriers carriers;
  private final BondTree tree;

  /// @param env the environment, which may name the socket, as for shims, and says which characters
  ///   a terminal shows
  /// @param carriers of the PFs of this node
  TreeCommand(Console console, Map<String, String> env, Cause.PfCarriers carriers) {
    this.console = console;
    this.agent = AgentSocket.in(env);
    this.carriers = carriers;
    this.tree = new BondTree(showsUnicode(env) ? BondTree.Strokes.LINES : BondTree.Strokes.ASCII);
  }

  private static boolean showsUnicode(Map<String, String> env) {
    String locale =
        LOCALES.stream()
            .map(name -> env.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("")
            .toLowerCase(Locale.ROOT);
    return locale.contains("utf-8") || locale.contains("utf8");
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        agent
            .command("tree")
            .addOption(
                OptionSpec.builder(PF)
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .arity("1")
                    .paramLabel("NAME|PCI")
                    .description(
                        "only what is on this PF, given by its interface or its PCI address; may be"
                            + " given several times")
                    .build())
            .addOption(
                OptionSpec.builder(UNHEALTHY)
                    .description("only bonds that are not healthy")
                    .build())
            .addOption(NodesFile.spec("show"))
            .addPositional(BondOperand.spec("only the bonds of this pod, or of this name"));
    spec.usageMessage()
        .description(
            "Shows what hangs on what on this node, as its agent knows it: from PFs over VFs and"
                + " members to bonds and pods, the worst first.");
    return spec;
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    List<String> pfs = arguments.matchedOptionValue(PF, List.of());
    boolean unhealthy = arguments.hasMatchedOption(UNHEALTHY);
    String wanted = BondOperand.of(arguments);
    Optional<Path> from = NodesFile.of(arguments);
    List<NodeBonds> nodes;
    List<String> limits;
    boolean isStarting = false;
    if (from.isPresent()) {
      ReportedNodes reported = NodesFile.read(from.get());
      nodes = reported.all();
      limits = reported.limits();
    } else {
      KnownBonds known = AgentSocket.bonds(arguments);
      nodes = List.of(NodeBonds.ofThisNode(known, carriers));
      limits = known.limits();
      isStarting = known.isStarting();
    }
    if (nodes.stream().flatMap(node -> node.bonds().stream()).noneMatch(bond -> bond.isOf(wanted))
        && !wanted.isEmpty()) {
      throw new FailureException(
          isStarting
              ? KnownBonds.STARTING
              : from.isPresent()
                  ? "no report has a bond of a pod \"" + wanted + "\", and none of this name"
                  : BondOperand.unknown(wanted) + "; `podbond status` lists all");
    }
    Predicate<Optional<KnownPf>> shown =
        shown(from.isPresent() ? Outage.Scope.REPORTED_NODES : Outage.Scope.THIS_NODE, nodes, pfs);
    Predicate<KnownBond> kept =
        bond ->
            bond.isOf(wanted)
                && !(unhealthy && bond.health() == Health.HEALTHY)
                && (pfs.isEmpty()
                    || bond.members().stream().anyMatch(member -> shown.test(member.pf())));
    boolean isFiltered = unhealthy || !wanted.isEmpty() || !pfs.isEmpty();
    boolean found = false;
    for (NodeBonds node : nodes) {
      NodeBonds left = node.with(node.bonds().stream().filter(kept).toList());
      if (!left.bonds().isEmpty() || !isFiltered) {
        found = true;
        tree.lines(left, shown).forEach(console::say);
      }
    }
    limits.forEach(text -> console.complain("warning: " + text));
    if (!found) {
      console.complain("no bonds found");
    }
    return ExitCodes.DONE;
  }

  /// What is on these PFs, or everything.
  private static Predicate<Optional<KnownPf>> shown(
      Outage.Scope scope, List<NodeBonds> nodes, List<String> names) throws FailureException {
    if (names.isEmpty()) {
      return _ -> true;
    }
    List<KnownPf> known = nodes.stream().flatMap(node -> pfs(node)).distinct().sorted().toList();
    try {
      List<KnownPf> asked = Outage.of(scope, known, names, List.of()).pfs();
      return pf -> pf.filter(asked::contains).isPresent();
    } catch (UnknownPfException e) {
      throw new FailureException(e);
    }
  }

  private static Stream<KnownPf> pfs(NodeBonds node) {
    return node.bonds().stream()
        .flatMap(bond -> bond.members().stream())
        .flatMap(member -> member.pf().stream());
  }
}
