/// Tells the cluster of a node's bonds: a process without rights on the node, beside the agent.
@org.jspecify.annotations.NullMarked
module dev.podbond.reporter {
  requires static org.jspecify;
  requires dev.podbond.agent;
  requires dev.podbond.cluster;
  requires dev.podbond.https;
  requires dev.podbond.metrics;
}
