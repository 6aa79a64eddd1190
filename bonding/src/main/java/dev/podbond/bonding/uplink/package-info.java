/// Whether what is behind a PF still carries traffic: what each signal says of it, and what follows
/// from many of these over time.
package dev.podbond.bonding.uplink;
