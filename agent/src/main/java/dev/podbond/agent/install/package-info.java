/// Puts the shim into a node's directory of CNI plugins, and removes it. The agent's pod runs this.
package dev.podbond.agent.install;
