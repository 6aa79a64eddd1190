/// The edge to the API server: its objects as JSON trees, and its events as resyncs.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.kubernetes;
