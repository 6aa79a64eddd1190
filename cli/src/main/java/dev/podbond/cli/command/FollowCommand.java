package dev.podbond.cli.command;

import dev.podbond.cli.apply.PolicyFollowing;
import dev.podbond.cli.machine.MachineException;
import dev.podbond.cli.policy.NodePolicies;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.StoreException;
import dev.podbond.cluster.source.LocatedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `podbond follow -f FILE --node NAME`: runs on a node of a cluster, whose operator writes the
/// file.
final class FollowCommand implements Subcommand {
  private static final String NODE = "--node";

  /// Kubelet needs a minute to bring a change to the file; a look costs nothing.
  private static final long LOOK_MILLIS = 1000;

  /// A failed attempt may succeed once a pod is gone.
  private static final int LOOKS_BEFORE_AGAIN = 30;

  private final Console console;
  private final Settings.Defaults defaults;

  FollowCommand(Console console, Settings.Defaults defaults) {
    this.console = console;
    this.defaults = defaults;
  }

  @Override
  public CommandSpec spec() {
    return Settings.spec(
            "follow",
            "Keeps the VFs of this machine as the SriovNetworkNodePolicies in a file say, while the"
                + " file changes, until it is told to end.")
        .addOption(InputFiles.option("the file"))
        .addOption(
            OptionSpec.builder(NODE)
                .type(String.class)
                .paramLabel("NAME")
                .required(true)
                .description("this machine's name among those that the policies are for")
                .build());
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    Settings settings = Settings.of(arguments, defaults);
    String node = arguments.matchedOptionValue(NODE, "");
    Optional<String> tried = Optional.empty();
    boolean failed = false;
    int looks = 0;
    try {
      List<Path> files = InputFiles.of(arguments);
      if (files.contains(InputText.STDIN)) {
        throw new FailureException("-f -: follow reads its input again and again; give a file");
      }
      while (true) {
        if (!files.stream().allMatch(Files::exists)) {
          // The operator has not written them yet.
          Thread.sleep(LOOK_MILLIS);
          continue;
        }
        Optional<String> text = read(files);
        looks++;
        if (text.isPresent() && (!text.equals(tried) || (failed && looks >= LOOKS_BEFORE_AGAIN))) {
          failed = !follow(settings, node, text.get());
          tried = text;
          looks = 0;
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException _) {
      return ExitCodes.DONE;
    }
  }

  /// Empty if the files cannot be read now, which has been reported.
  private Optional<String> read(List<Path> files) {
    try {
      return Optional.of(text(files));
    } catch (LocatedException e) {
      tell(e);
      return Optional.empty();
    }
  }

  private static String text(List<Path> files) throws LocatedException {
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      all.append(InputFiles.text(file));
    }
    return all.toString();
  }

  /// Returns whether it succeeded. It does not examine policies for other nodes; it reports and
  /// skips policies for this node that it does not support.
  private boolean follow(Settings settings, String node, String text) {
    try (ObjectStore store = ObjectStore.open(settings.stateDirectory())) {
      NodePolicies read = NodePolicies.of(text, node);
      read.passedBy().forEach(one -> console.complain("passed by: " + one.problem().getMessage()));
      try {
        new PolicyFollowing(settings.context(store, console::say))
            .become(read.policies(), read.passedByKeys());
      } finally {
        console.passedBy(store.damaged());
      }
      return true;
    } catch (LocatedException | StoreException | MachineException e) {
      tell(e);
      return false;
    }
  }

  private void tell(Exception failure) {
    console.complain(failure.getMessage() + "; tried again");
    for (Throwable besides : failure.getSuppressed()) {
      console.complain("also: " + besides.getMessage());
    }
  }
}
