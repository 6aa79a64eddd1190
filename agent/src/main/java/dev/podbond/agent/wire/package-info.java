/// Frames between shim and agent (docs/shim-protocol.md).
package dev.podbond.agent.wire;
