/// What devices at the other end of a cable say of themselves by LLDP.
package dev.podbond.bonding.lldp;
