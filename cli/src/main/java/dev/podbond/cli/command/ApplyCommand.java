package dev.podbond.cli.command;

import dev.podbond.cli.apply.Apply;
import dev.podbond.cli.apply.Outcome;
import dev.podbond.cli.apply.Report;
import dev.podbond.cli.policy.ThisNode;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.JsonObject;
import java.util.ArrayList;
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
    return NodeOptions.addTo(
        Settings.spec(
                "apply",
                "Makes this machine what the objects say: VFs, networks, and the networks of pods."
                    + " Applying again changes nothing.")
            .addOption(InputFiles.option("files of objects, or directories of such files"))
            .addOption(Settings.operatorNamespacesOption()));
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    ReadObjects read = InputFiles.objects(arguments);
    ThisNode node = NodeOptions.of(arguments, read.objects());
    Settings settings = Settings.of(arguments, defaults);
    List<ClusterObject> wanted = new ArrayList<>();
    for (ClusterObject object : read.objects()) {
      if (node.isPassedBy(object.manifest())) {
        passBy(object.key(), object.manifest());
      } else {
        wanted.add(object);
      }
    }
    boolean whole = true;
    for (ReadObjects.Unread unread : read.unread()) {
      if (unread.key().isPresent()
          && unread.written() instanceof JsonObject written
          && node.isPassedBy(written)) {
        passBy(unread.key().get(), written);
      } else {
        whole = false;
        console.complain("passed by: " + unread.problem().getMessage());
      }
    }
    try (ObjectStore store = ObjectStore.open(settings.stateDirectory())) {
      try {
        new Apply(settings.context(store, console::say)).apply(wanted);
      } finally {
        console.passedBy(store.damaged());
      }
      return whole && store.damaged().isEmpty() ? ExitCodes.DONE : ExitCodes.PASSED_BY;
    } catch (LocatedException | StoreException e) {
      throw new FailureException(e);
    }
  }

  private void passBy(ObjectKey policy, JsonObject manifest) {
    console.say(
        new Report(
            policy,
            Outcome.PASSED_BY,
            "this machine is not among those that its nodeSelector "
                + ThisNode.selector(manifest)
                + " selects"));
  }
}
