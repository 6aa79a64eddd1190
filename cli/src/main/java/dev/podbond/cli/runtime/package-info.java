/// The runtime's side of CNI: a list of plugins run in order, and the cache of their results.
package dev.podbond.cli.runtime;
