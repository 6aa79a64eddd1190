/// The edge to the API server: its objects as JSON trees.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.kubernetes;
