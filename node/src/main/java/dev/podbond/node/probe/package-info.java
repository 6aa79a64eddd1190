/// Asks hosts beyond a PF's switch whether they are there, by ARP and neighbor discovery, so that
/// nobody has to in every single bond.
package dev.podbond.node.probe;
