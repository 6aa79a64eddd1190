package dev.podbond.agent.install;

import dev.podbond.agent.install.OwnDaemonSet.Presence;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.node.state.StateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The executable that the agent's pod runs before and after the agent: `install SHIM DIRECTORY
/// NAME...` puts the shim in place, `leave DIRECTORY NAME...` takes it away if no agent follows and
/// no pod of the node needs it any more.
public final class Main {
  private Main() {}

  static void main(String[] args) throws IOException, StateException {
    List<String> arguments = List.of(args);
    if (arguments.size() >= 4 && arguments.getFirst().equals("install")) {
      Path directory = Path.of(arguments.get(2));
      List<String> names = arguments.subList(3, arguments.size());
      new ShimInstallation(directory, names).install(Path.of(arguments.get(1)));
      say("installed " + String.join(" and ", names) + " in " + directory);
    } else if (arguments.size() >= 3 && arguments.getFirst().equals("leave")) {
      leave(
          new ShimInstallation(Path.of(arguments.get(1)), arguments.subList(2, arguments.size())));
    } else {
      System.err.println("usage: install SHIM DIRECTORY NAME... | leave DIRECTORY NAME...");
      System.exit(2);
    }
  }

  private static void leave(ShimInstallation shim) throws IOException, StateException {
    Presence presence =
        OwnDaemonSet.of(System.getenv())
            .map(OwnDaemonSet::presence)
            .orElseGet(
                () -> new Presence.Unknown("this is no pod of a DaemonSet, or has no API server"));
    Path state =
        Optional.ofNullable(System.getenv("PODBOND_STATE"))
            .map(Path::of)
            .orElse(AttachmentStore.DEFAULT_DIRECTORY);
    say(leave(shim, presence, new AttachmentStore(state).list()));
  }

  /// Takes the shim away unless somebody needs it. While a pod has an attachment the runtime does:
  /// it would never let the pod go without.
  ///
  /// @return what was done and why
  static String leave(ShimInstallation shim, Presence presence, AttachmentStore.Listing left)
      throws IOException {
    return switch (presence) {
      case Presence.Wanted _ -> "the shim stays: another agent follows";
      case Presence.Unknown(String why) -> "the shim stays: " + why;
      case Presence.Gone _ when !left.attachments().isEmpty() ->
          "the shim stays for the deletion of "
              + left.attachments().stream()
                  .map(attachment -> attachment.key().toString())
                  .collect(Collectors.joining(", "));
      case Presence.Gone _ when !left.damaged().isEmpty() ->
          "the shim stays, as some records in the state directory are damaged";
      case Presence.Gone(String how) -> {
        shim.remove();
        yield "removed the shim: the DaemonSet is not wanted any more, as " + how;
      }
    };
  }

  /// To the log of the pod, as the agent's lines.
  private static void say(String what) {
    System.err.println("podbond-agent: " + what);
  }
}
