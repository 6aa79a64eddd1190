package dev.podbond.agent.install;

import dev.podbond.node.state.StateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The executable that installs and removes the shim. `install SHIM DIRECTORY NAME...` puts the
/// shim in place; the agent's pod runs it before the agent. `leave DIRECTORY NAME...` removes the
/// shim if no other agent follows and no pod of the node needs it any more, and takes back what an
/// agent that was killed has left demoted. The agent does both itself when it ends, so an
/// administrator runs `leave` only if no agent runs.
public final class Main {
  private Main() {}

  static void main(String[] args) throws IOException, StateException {
    List<String> arguments = List.of(args);
    if (arguments.size() >= 4 && arguments.getFirst().equals("install")) {
      Path directory = Path.of(arguments.get(2));
      List<String> names = arguments.subList(3, arguments.size());
      List<String> earlier =
          new ShimInstallation(directory, names).install(Path.of(arguments.get(1)));
      say("installed " + String.join(" and ", names) + " in " + directory);
      if (!earlier.isEmpty()) {
        say(
            "replaced "
                + String.join(" and ", earlier)
                + " of an earlier installation too: pods may have been attached under these names;"
                + " they go when Podbond is uninstalled");
      }
    } else if (arguments.size() >= 3 && arguments.getFirst().equals("leave")) {
      Demoted.of(System.getenv(), System.err).restore().forEach(Main::say);
      say(
          Leaving.of(
                  System.getenv(),
                  Path.of(arguments.get(1)),
                  arguments.subList(2, arguments.size()))
              .leave());
    } else {
      System.err.println("usage: install SHIM DIRECTORY NAME... | leave DIRECTORY NAME...");
      System.exit(2);
    }
  }

  /// Writes to the pod's log, in the form of the agent's lines.
  private static void say(String what) {
    System.err.println("podbond-agent: " + what);
  }
}
