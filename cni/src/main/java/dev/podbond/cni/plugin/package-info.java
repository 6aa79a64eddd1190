/// The plugin's side of the CNI process contract: from environment and stdin to a verb, and back.
package dev.podbond.cni.plugin;
