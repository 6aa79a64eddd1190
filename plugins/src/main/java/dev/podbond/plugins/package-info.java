/// The `bond` and `sriov` CNI plugins: the order of one ADD or DEL over the pure core and the node.
package dev.podbond.plugins;
