/// Plans: which changes, in which order, make or remove an attachment. They follow only from a
/// configuration or a record, and from facts.
package dev.podbond.bonding.plan;
