/// What was observed on a node: plain records of links, bonds, members, VFs and PFs.
package dev.podbond.bonding.facts;
