/// rtnetlink over `java.lang.foreign`: typed links, bonds, VFs, addresses and routes, their events,
/// and network namespaces.
///
/// Run it with `--enable-native-access=dev.podbond.netlink`. Besides the JDK it needs the module
/// `dev.podbond.value`, and libc is its only native library. Start at
/// [dev.podbond.netlink.rtnl.Rtnetlink].
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
