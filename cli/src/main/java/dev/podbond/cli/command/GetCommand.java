package dev.podbond.cli.command;

import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.cli.apply.Workspace;
import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.machine.PfState;
import dev.podbond.cli.machine.VfState;
import dev.podbond.cli.show.BondTable;
import dev.podbond.cli.show.Listings;
import dev.podbond.cli.show.Table;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.PodState;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.node.observe.FactsRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `podbond get pods|nads|vfs|bonds`
final class GetCommand implements Subcommand {
  private static final String OUTPUT = "-o";
  private static final Set<String> OUTPUTS = Set.of("table", "json");

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
            OptionSpec.builder(OUTPUT, "--output")
                .type(String.class)
                .paramLabel("table|json")
                .defaultValue("table")
                .description("how to show it (${DEFAULT-VALUE})")
                .build());
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    String output = arguments.commandSpec().findOption(OUTPUT).getValue();
    if (!OUTPUTS.contains(output)) {
      throw new ParameterException(
          arguments.commandSpec().commandLine(), "-o " + output + " is neither table nor json");
    }
    Settings settings = Settings.of(arguments, defaults);
    String what = arguments.matchedPositionalValue(0, "");
    try (ObjectStore store = ObjectStore.reading(settings.stateDirectory())) {
      Workspace workspace = settings.workspace(store, _ -> {});
      Table table =
          switch (what) {
            case "pods", "pod" -> Listings.pods(store.pods(), pod -> hasNetns(workspace, pod));
            case "nads", "nad" -> Listings.attachments(store.attachments());
            case "vfs", "vf" -> vfs(workspace);
            case "bonds", "bond" -> bonds(workspace);
            default ->
                throw new ParameterException(
                    arguments.commandSpec().commandLine(),
                    "\"" + what + "\" is none of pods, nads, vfs, bonds");
          };
      if (output.equals("json")) {
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

  private static Table vfs(Workspace workspace) throws StoreException, MachineException {
    List<VfState> vfs = new ArrayList<>();
    for (PfState pf : workspace.machine().pfs()) {
      vfs.addAll(workspace.machine().vfsOf(pf.device()));
    }
    Map<PciAddress, ObjectKey> holders = new HashMap<>();
    workspace
        .store()
        .pods()
        .forEach((key, pod) -> pod.devices().forEach(pci -> holders.put(pci, key)));
    return Listings.vfs(vfs, workspace.pools(), holders);
  }

  private static Table bonds(Workspace workspace) throws StoreException, MachineException {
    Map<String, NodeFacts> facts = new HashMap<>();
    for (Map.Entry<ObjectKey, PodState> pod : workspace.store().pods().entrySet()) {
      if (hasNetns(workspace, pod.getValue())) {
        facts.put(
            pod.getKey().path(),
            workspace.machine().observePod(pod.getValue().identity().netns(), FactsRequest.POD));
      }
    }
    return BondTable.of(facts);
  }

  private static boolean hasNetns(Workspace workspace, PodState pod) {
    return workspace.machine().hasNetns(pod.identity().netns());
  }
}
