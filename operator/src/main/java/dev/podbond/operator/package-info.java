/// The operator: observes a cluster, lets the pure code decide, and applies what it decided.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator;
