package dev.podbond.plugins;

import dev.podbond.plugins.node.NodeEnvironment;

/// The executable: one argument says which plugin it is, all else is CNI.
public final class Main {
  private Main() {}

  static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("usage: Main bond|sriov, with the call in CNI's environment variables");
      System.exit(2);
    }
    AttachmentPlugin plugin =
        AttachmentPlugin.calledAs(args[0], NodeEnvironment.ofThisMachine(System.err));
    System.exit(plugin.serve(System.getenv(), System.in).print(System.out, System.err));
  }
}
