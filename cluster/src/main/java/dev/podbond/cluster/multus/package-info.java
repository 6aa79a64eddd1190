/// The annotation with which a pod requests networks from Multus.
package dev.podbond.cluster.multus;
