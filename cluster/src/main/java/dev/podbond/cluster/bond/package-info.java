/// The BondNetwork: one object for a bond, what is rendered from it and what stands against it.
package dev.podbond.cluster.bond;
