/// Applies the consequences of a BondNetwork.
@org.jspecify.annotations.NullMarked
package dev.podbond.operator.reconcile;
