/// The `bond` and `sriov` CNI plugins.
@org.jspecify.annotations.NullMarked
module dev.podbond.plugins {
  requires static org.jspecify;
  requires transitive dev.podbond.cni;
  requires transitive dev.podbond.ipam;
  requires transitive dev.podbond.node;

  exports dev.podbond.plugins;
  exports dev.podbond.plugins.demotion;
  exports dev.podbond.plugins.linkstate;
  exports dev.podbond.plugins.node;
  exports dev.podbond.plugins.recovery;
  exports dev.podbond.plugins.warmup;
}
