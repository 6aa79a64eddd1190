/// Which changes, in which order, make an attachment or take it back, decided from a configuration
/// or a record and from facts alone.
package dev.podbond.bonding.plan;
