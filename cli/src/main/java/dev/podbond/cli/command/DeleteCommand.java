package dev.podbond.cli.command;

import dev.podbond.cli.apply.Delete;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.source.LocatedException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `podbond delete -f FILE|DIR...`
final class DeleteCommand implements Subcommand {
  private final Console console;
  private final Settings.Defaults defaults;

  DeleteCommand(Console console, Settings.Defaults defaults) {
    this.console = console;
    this.defaults = defaults;
  }

  @Override
  public CommandSpec spec() {
    return Settings.spec(
            "delete",
            "Takes back what the objects made: pods first, policies last. An object that is not"
                + " there is no failure.")
        .addOption(InputFiles.option("files of objects, or directories of such files"));
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    List<ClusterObject> objects = InputFiles.objects(arguments);
    Settings settings = Settings.of(arguments, defaults);
    try (ObjectStore store = ObjectStore.open(settings.stateDirectory())) {
      new Delete(settings.workspace(store, console.out()::println)).delete(objects);
      return ExitCodes.DONE;
    } catch (LocatedException | StoreException e) {
      throw new FailureException(e);
    }
  }
}
