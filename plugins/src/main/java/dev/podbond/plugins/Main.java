package dev.podbond.plugins;

import java.util.Optional;

/// The executable: one argument says which plugin it is, all else is CNI.
public final class Main {
  private Main() {}

  static void main(String[] args) {
    Optional<AttachmentPlugin> plugin =
        args.length == 1
            ? AttachmentPlugin.named(args[0], PluginNode.ofThisMachine(System.err))
            : Optional.empty();
    if (plugin.isEmpty()) {
      System.err.println("usage: Main bond|sriov, with the call in CNI's environment variables");
      System.exit(2);
    }
    System.exit(plugin.get().serve(System.getenv(), System.in, System.out, System.err));
  }
}
