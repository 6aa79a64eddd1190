/// The comparison behind CHECK: what ADD made against what is there, each difference by name.
package dev.podbond.bonding.check;
