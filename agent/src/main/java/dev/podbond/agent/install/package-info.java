/// The shim in a node's directory of CNI plugins: put there and taken away by the agent's pod.
package dev.podbond.agent.install;
