/// The `podbond` command.
@org.jspecify.annotations.NullMarked
module dev.podbond.cli {
  requires static org.jspecify;
  requires dev.podbond.agent;
  requires dev.podbond.cluster;
  requires dev.podbond.ipam;
  requires dev.podbond.plugins;
  requires info.picocli;
}
