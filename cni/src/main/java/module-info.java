/// The CNI specification 0.1.0 to 1.1.0 as a library: its data, the plugin's side, and how a plugin
/// runs another.
@org.jspecify.annotations.NullMarked
module dev.podbond.cni {
  requires static org.jspecify;
  requires transitive dev.podbond.value;
  requires transitive dev.podbond.json;

  exports dev.podbond.cni.exec;
  exports dev.podbond.cni.plugin;
  exports dev.podbond.cni.spec;
}
