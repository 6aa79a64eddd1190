/// A cluster's objects as records, and what follows from them: which networks a pod requests, how
/// to render a network.
///
/// It is pure like the core: it reads trees of values, whether they came from a file or from an API
/// server.
@org.jspecify.annotations.NullMarked
module dev.podbond.cluster {
  requires static org.jspecify;
  requires transitive dev.podbond.bonding;
  requires org.snakeyaml.engine;

  exports dev.podbond.cluster.assess;
  exports dev.podbond.cluster.bond;
  exports dev.podbond.cluster.claim;
  exports dev.podbond.cluster.multus;
  exports dev.podbond.cluster.nodestate;
  exports dev.podbond.cluster.object;
  exports dev.podbond.cluster.observed;
  exports dev.podbond.cluster.pod;
  exports dev.podbond.cluster.render;
  exports dev.podbond.cluster.source;
  exports dev.podbond.cluster.sriov;
  exports dev.podbond.cluster.uplink;
  exports dev.podbond.cluster.yaml;
}
