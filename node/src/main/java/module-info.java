/// The edges of one node: PFs and VFs, execution of plans, claims, locks, the state store,
/// announcements.
@org.jspecify.annotations.NullMarked
module dev.podbond.node {
  requires static org.jspecify;
  requires transitive dev.podbond.netlink;
  requires transitive dev.podbond.bonding;

  exports dev.podbond.node.announce;
  exports dev.podbond.node.kernel;
  exports dev.podbond.node.lldp;
  exports dev.podbond.node.netns;
  exports dev.podbond.node.observe;
  exports dev.podbond.node.probe;
  exports dev.podbond.node.state;
  exports dev.podbond.node.sysfs;
  exports dev.podbond.node.wait;
}
