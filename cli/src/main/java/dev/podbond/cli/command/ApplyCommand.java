package dev.podbond.cli.command;

import dev.podbond.cli.apply.Apply;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.source.LocatedException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `podbond apply -f FILE|DIR...`
final class ApplyCommand implements Subcommand {
  private final Console console;
  private final Settings.Defaults defaults;

  ApplyCommand(Console console, Settings.Defaults defaults) {
    this.console = console;
    this.defaults = defaults;
  }

  @Override
  public CommandSpec spec() {
    return Settings.spec(
            "apply",
            "Makes this machine what the objects say: VFs, networks, and the networks of pods."
                + " Applying again changes nothing.")
        .addOption(InputFiles.option("files of objects, or directories of such files"));
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    List<ClusterObject> objects = InputFiles.objects(arguments);
    Settings settings = Settings.of(arguments, defaults);
    try (ObjectStore store = ObjectStore.open(settings.stateDirectory())) {
      new Apply(settings.workspace(store, console.out()::println)).apply(objects);
      return ExitCodes.DONE;
    } catch (LocatedException | StoreException e) {
      throw new FailureException(e);
    }
  }
}
