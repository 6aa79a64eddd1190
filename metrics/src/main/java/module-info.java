/// Metrics of a node in the text format that Prometheus reads: which there are, and how they are
/// written.
///
/// Nothing here does I/O or keeps a clock: whoever has the values gives them, and gets bytes.
@org.jspecify.annotations.NullMarked
module dev.podbond.metrics {
  requires static org.jspecify;
  requires transitive dev.podbond.bonding;
  requires dev.podbond.json;

  exports dev.podbond.metrics;
}
