/// The comparison of our plugins with those that they stand in for.
@org.jspecify.annotations.NullMarked
module dev.podbond.parity {
  requires static org.jspecify;
  requires dev.podbond.json;

  exports dev.podbond.parity;
}
