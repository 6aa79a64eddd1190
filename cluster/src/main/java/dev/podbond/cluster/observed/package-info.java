/// How the bonds of pods are, as their nodes report it, and what follows: sums, conditions, events.
@org.jspecify.annotations.NullMarked
package dev.podbond.cluster.observed;
