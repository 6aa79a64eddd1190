/// A picture of nodes' bonds: cards, PFs, VFs, bonds and pods in one file that needs nothing else.
/// What is drawn is a [Topology], where it is drawn a [Layout]; no I/O.
package dev.podbond.cli.map;
