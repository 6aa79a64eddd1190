/// An immutable JSON tree that keeps what it does not know.
@org.jspecify.annotations.NullMarked
module dev.podbond.json {
  requires static org.jspecify;
  requires tools.jackson.core;

  exports dev.podbond.json;
}
