/// Applies what follows from a BondNetwork.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.reconcile;
