package dev.podbond.cli.command;

import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.cli.apply.ApplyContext;
import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.machine.PfState;
import dev.podbond.cli.machine.VfState;
import dev.podbond.cli.show.BondTable;
import dev.podbond.cli.show.Listings;
import dev.podbond.cli.show.SurvivesColumn;
import dev.podbond.cli.show.Table;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.PodState;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `podbond get pods|nads|vfs|bonds`
final class GetCommand implements Subcommand {
  private static final String WIDE = "wide";
  private static final String JSON = "json";
  private static final List<String> OUTPUTS = List.of("table", WIDE, JSON);

  private final Console console;
  private final Settings.Defaults defaults;

  GetCommand(Console console, Settings.Defaults defaults) {
    this.console = console;
    this.defaults = defaults;
  }

  @Override
  public CommandSpec spec() {
    return Settings.spec("get", "Shows what there is.")
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .type(String.class)
                .paramLabel("pods|nads|vfs|bonds")
                .description("what to show")
                .build())
        .addOption(
            OutputOption.spec(
                OUTPUTS,
                "how to show it (${DEFAULT-VALUE}); wide adds to bonds what each survives"));
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    String output = OutputOption.word(arguments, OUTPUTS);
    Settings settings = Settings.of(arguments, defaults);
    String what = arguments.matchedPositionalValue(0, "");
    try (ObjectStore store = ObjectStore.reading(settings.stateDirectory())) {
      ApplyContext context = settings.context(store, _ -> {});
      Table table =
          switch (what) {
            case "pods", "pod" -> Listings.pods(store.pods(), pod -> hasNetns(context, pod));
            case "nads", "nad" -> Listings.attachments(store.attachments());
            case "vfs", "vf" -> vfs(context);
            case "bonds", "bond" ->
                output.equals(WIDE) ? SurvivesColumn.in(bonds(context)) : bonds(context);
            default ->
                throw new ParameterException(
                    arguments.commandSpec().commandLine(),
                    "\"" + what + "\" is not one of pods, nads, vfs, bonds");
          };
      if (output.equals(JSON)) {
        console.say(table.toJson());
      } else {
        console.out().println(table.toText());
      }
      console.passedBy(store.damaged());
      return store.damaged().isEmpty() ? ExitCodes.DONE : ExitCodes.PASSED_BY;
    } catch (StoreException | MachineException e) {
      throw new FailureException(e);
    }
  }

  private static Table vfs(ApplyContext context) throws StoreException, MachineException {
    List<VfState> vfs = new ArrayList<>();
    for (PfState pf : context.machine().pfs()) {
      vfs.addAll(context.machine().vfsOf(pf.device()));
    }
    return Listings.vfs(vfs, context.pools(), context.holders());
  }

  private static Table bonds(ApplyContext context) throws StoreException, MachineException {
    Map<String, NodeFacts> facts = new HashMap<>();
    for (Map.Entry<ObjectKey, PodState> pod : context.store().pods().entrySet()) {
      if (hasNetns(context, pod.getValue())) {
        facts.put(
            pod.getKey().path(),
            context.machine().observePod(pod.getValue().identity().netns(), FactsRequest.POD));
      }
    }
    Map<PciAddress, PfPlace> places = new HashMap<>();
    for (PciAddress member : BondTable.functions(facts)) {
      context.machine().place(member).ifPresent(place -> places.put(member, place));
    }
    return BondTable.of(facts, places);
  }

  private static boolean hasNetns(ApplyContext context, PodState pod) {
    return context.machine().hasNetns(pod.identity().netns());
  }
}
