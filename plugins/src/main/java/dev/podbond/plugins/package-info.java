/// The `bond` and `sriov` CNI plugins: the steps of ADD and DEL, above the pure core and the node.
package dev.podbond.plugins;
