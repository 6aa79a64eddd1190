/// Watches what is behind the cables of the PFs that bonds use, where the node's owner wants that.
package dev.podbond.agent.uplink;
