package dev.podbond.cli.command;

import dev.podbond.cli.apply.Delete;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.source.LocatedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            "Takes back what the objects made: pods first, policies last. It passes by objects"
                + " that are not there.")
        .addOption(InputFiles.option("files of objects, or directories of such files"));
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    ReadObjects read = InputFiles.objects(arguments);
    Settings settings = Settings.of(arguments, defaults);
    List<ClusterObject> objects = new ArrayList<>(read.objects());
    boolean whole = true;
    try (ObjectStore store = ObjectStore.open(settings.stateDirectory())) {
      for (ReadObjects.Unread unread : read.unread()) {
        Optional<ClusterObject> kept = unread.key().flatMap(store::readable);
        if (kept.isPresent()) {
          // The name of an object is enough to delete it.
          objects.add(kept.get());
        } else {
          whole = false;
          console.complain("passed by: " + unread.problem().getMessage());
        }
      }
      try {
        new Delete(settings.context(store, console::say)).delete(objects);
      } finally {
        console.passedBy(store.damaged());
      }
      return whole && store.damaged().isEmpty() ? ExitCodes.DONE : ExitCodes.PASSED_BY;
    } catch (LocatedException | StoreException e) {
      throw new FailureException(e);
    }
  }
}
