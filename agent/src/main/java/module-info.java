/// The agent of a node: serves the shims, and looks after attachments that nobody asks about.
@org.jspecify.annotations.NullMarked
module dev.podbond.agent {
  requires static org.jspecify;
  requires dev.podbond.plugins;
  requires jdk.net;

  exports dev.podbond.agent.wire;
}
