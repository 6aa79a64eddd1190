/// Judges a BondNetwork and the objects around it: findings, the nodes that can serve it,
/// conditions.
package dev.podbond.cluster.assess;
