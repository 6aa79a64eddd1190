/// Multus' work between a pod's annotation and the CNI plugins, as pure functions.
package dev.podbond.cli.multus;
