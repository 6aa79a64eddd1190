/// How pods' bonds are: from the nodes' reports to sums in BondNetworks, conditions of pods, and
/// events.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.observe;
