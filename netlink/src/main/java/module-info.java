/// rtnetlink over `java.lang.foreign`: typed links, bonds, VFs, addresses and routes, their events,
/// and network namespaces.
///
/// Give it `--enable-native-access=dev.podbond.netlink`; it needs no other module and no native
/// library but libc. [dev.podbond.netlink.rtnl.Rtnetlink] is the place to start.
@org.jspecify.annotations.NullMarked
module dev.podbond.netlink {
  requires static org.jspecify;
  requires transitive dev.podbond.value;

  exports dev.podbond.netlink;
  exports dev.podbond.netlink.ip;
  exports dev.podbond.netlink.link;
  exports dev.podbond.netlink.netns;
  exports dev.podbond.netlink.rtnl;
  exports dev.podbond.netlink.socket;
  exports dev.podbond.netlink.wire;
}
