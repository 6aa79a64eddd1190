/// VFs that lose their link while the uplink of their PF is bad, whoever uses them: which, and how
/// each gets it back.
package dev.podbond.bonding.linkstate;
