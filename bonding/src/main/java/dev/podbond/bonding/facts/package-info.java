/// The observed facts of a node: plain records of links, bonds, members, VFs and PFs.
package dev.podbond.bonding.facts;
