/// The options of the kernel's bonding driver: names, ranges, mode rules.
package dev.podbond.bonding.option;
