/// The agent of a node. It serves the shims, and repairs or removes attachments without being
/// asked.
@org.jspecify.annotations.NullMarked
module dev.podbond.agent {
  requires static org.jspecify;
  requires transitive dev.podbond.json;
  requires dev.podbond.metrics;
  requires dev.podbond.plugins;

  exports dev.podbond.agent.apiserver;
  exports dev.podbond.agent.wire;
}
