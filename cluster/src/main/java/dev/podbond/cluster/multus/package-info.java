/// The annotation by which a pod asks Multus for networks.
package dev.podbond.cluster.multus;
