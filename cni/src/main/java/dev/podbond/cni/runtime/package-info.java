/// The runtime's side: a list of plugins run in order, and the cache of what they answered.
package dev.podbond.cni.runtime;
