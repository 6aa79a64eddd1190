package dev.podbond.cli.command;

import dev.podbond.cli.machine.PodNetworks;
import dev.podbond.cli.multus.Delegate;
import dev.podbond.cli.store.ObjectStore;
import dev.podbond.cli.store.PodState;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `podbond check NS/POD`: runs CHECK for every network of a pod.
final class CheckCommand implements Subcommand {
  private final Console console;
  private final Settings.Defaults defaults;

  CheckCommand(Console console, Settings.Defaults defaults) {
    this.console = console;
    this.defaults = defaults;
  }

  @Override
  public CommandSpec spec() {
    return Settings.spec(
            "check", "Has the CNI plugins verify each network of a pod (CHECK, since CNI 0.4.0).")
        .addPositional(KnownPod.parameter());
  }

  @Override
  public int run(ParseResult arguments) throws FailureException {
    ObjectKey key = Settings.pod(arguments.matchedPositionalValue(0, ""));
    Settings settings = Settings.of(arguments, defaults);
    PodState pod = KnownPod.find(ObjectStore.reading(settings.stateDirectory()), key);
    PodNetworks networks = settings.podNetworks();
    int failures = 0;
    for (Delegate delegate : pod.delegates()) {
      String subject = delegate.ifname() + " (" + delegate.network() + "): ";
      try {
        networks.check(pod.identity(), delegate);
        console.say(subject + "as it was made");
      } catch (CniException e) {
        if (e.code().equals(CniErrorCode.INCOMPATIBLE_VERSION)) {
          console.say(subject + "not checked: " + e.getMessage());
        } else {
          failures++;
          console.say(subject + e.getMessage());
        }
      }
    }
    if (failures > 0) {
      throw new FailureException(
          failures
              + " of the "
              + pod.delegates().size()
              + " networks of "
              + key
              + " are not as they were made; delete the pod and apply it again");
    }
    return ExitCodes.DONE;
  }
}
