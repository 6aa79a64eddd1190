/// The options of the kernel's bonding driver: names, ranges, mode rules, wire types.
package dev.podbond.bonding.option;
