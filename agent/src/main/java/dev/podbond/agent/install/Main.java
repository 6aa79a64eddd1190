package dev.podbond.agent.install;

import dev.podbond.agent.install.OwnDaemonSet.Presence;
import dev.podbond.bonding.attachment.Attachment;
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
    Optional<OwnDaemonSet> own = OwnDaemonSet.of(System.getenv());
    Presence presence =
        own.map(OwnDaemonSet::presence)
            .orElseGet(
                () -> new Presence.Unknown("this is no pod of a DaemonSet, or has no API server"));
    switch (presence) {
      case Presence.Wanted _ -> say("the shim stays: another agent follows");
      case Presence.Unknown(String why) -> say("the shim stays: " + why);
      case Presence.Gone(String how) -> {
        List<Attachment> left = attachments();
        if (left.isEmpty()) {
          shim.remove();
          say("removed the shim: the DaemonSet is not wanted any more, as " + how);
        } else {
          say("the shim stays for the deletion of " + described(left));
        }
      }
    }
  }

  /// While a pod has one, the runtime needs the shim to take it away, and would never let the pod
  /// go without.
  private static List<Attachment> attachments() throws StateException {
    Path state =
        Optional.ofNullable(System.getenv("PODBOND_STATE"))
            .map(Path::of)
            .orElse(AttachmentStore.DEFAULT_DIRECTORY);
    return new AttachmentStore(state).list().attachments();
  }

  private static String described(List<Attachment> attachments) {
    return attachments.stream()
        .map(attachment -> attachment.key().toString())
        .collect(Collectors.joining(", "));
  }

  /// To the log of the pod, as the agent's lines.
  private static void say(String what) {
    System.err.println("podbond-agent: " + what);
  }
}
