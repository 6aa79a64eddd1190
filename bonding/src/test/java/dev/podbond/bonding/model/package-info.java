/// A model in memory of the kernel's rules for links, bonds and VFs, as far as an attachment needs
/// them. The lab replays the same changes on the real driver and compares.
package dev.podbond.bonding.model;
