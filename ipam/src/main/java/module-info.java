/// The IPAM plugins `host-local` and `static`, carried out in the caller's own process.
@org.jspecify.annotations.NullMarked
module dev.podbond.ipam {
  requires static org.jspecify;
  requires transitive dev.podbond.cni;
  requires dev.podbond.netlink;

  exports dev.podbond.ipam;
  exports dev.podbond.ipam.files;
}
