/// Frames between shim and agent (docs/shim-protocol.md), and how long whoever asks waits for an
/// answer.
package dev.podbond.agent.wire;
