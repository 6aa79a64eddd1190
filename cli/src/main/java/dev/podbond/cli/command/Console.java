package dev.podbond.cli.command;

import java.io.PrintWriter;

/// Where a command writes.
///
/// @param out what was asked for
/// @param err what went wrong
public record Console(PrintWriter out, PrintWriter err) {}
