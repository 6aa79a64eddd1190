/// The BondNetwork: one object for a bond, its rendering, and the reasons to refuse it.
package dev.podbond.cluster.bond;
