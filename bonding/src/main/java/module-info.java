/// The pure core: what a bond is to be, what forbids it, which changes make it and how each is
/// undone.
///
/// Nothing here does I/O: the only module it reads besides java.base is the JSON tree, and an
/// architecture test keeps files, sockets, processes, threads, clocks and native memory out.
@org.jspecify.annotations.NullMarked
module dev.podbond.bonding {
  requires static org.jspecify;
  requires transitive dev.podbond.value;
  requires transitive dev.podbond.json;

  exports dev.podbond.bonding.attachment;
  exports dev.podbond.bonding.change;
  exports dev.podbond.bonding.check;
  exports dev.podbond.bonding.config;
  exports dev.podbond.bonding.facts;
  exports dev.podbond.bonding.net;
  exports dev.podbond.bonding.option;
  exports dev.podbond.bonding.plan;
  exports dev.podbond.bonding.preflight;
  exports dev.podbond.bonding.state;
}
