/// Hears what devices at the other ends of PFs' cables say by LLDP.
package dev.podbond.node.lldp;
