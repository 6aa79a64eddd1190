/// The pure core: which bond to make, what forbids it, which changes make it, and how to undo each.
///
/// Nothing here does I/O. Beside java.base it uses only the JSON tree and the shared values. An
/// architecture test excludes files, sockets, processes, threads, clocks and native memory.
@org.jspecify.annotations.NullMarked
module dev.podbond.bonding {
  requires static org.jspecify;
  requires transitive dev.podbond.value;
  requires transitive dev.podbond.json;

  exports dev.podbond.bonding.attachment;
  exports dev.podbond.bonding.change;
  exports dev.podbond.bonding.check;
  exports dev.podbond.bonding.config;
  exports dev.podbond.bonding.demotion;
  exports dev.podbond.bonding.facts;
  exports dev.podbond.bonding.linkstate;
  exports dev.podbond.bonding.lldp;
  exports dev.podbond.bonding.net;
  exports dev.podbond.bonding.option;
  exports dev.podbond.bonding.plan;
  exports dev.podbond.bonding.preflight;
  exports dev.podbond.bonding.redundancy;
  exports dev.podbond.bonding.state;
  exports dev.podbond.bonding.uplink;
}
