/// From a BondNetwork and the objects around it to what stands against it: findings, the nodes that
/// can serve it, conditions.
package dev.podbond.cluster.assess;
