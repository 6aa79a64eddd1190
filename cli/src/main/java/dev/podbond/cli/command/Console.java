package dev.podbond.cli.command;

import dev.podbond.json.JsonValue;
import dev.podbond.json.Printable;
import java.io.PrintWriter;
import java.util.List;

/// The output of a command. Names and messages come from others; their line ends, control sequences
/// and direction marks never reach a terminal.
///
/// @param out for requested output
/// @param err for problems
public record Console(PrintWriter out, PrintWriter err) {
  /// Prints requested output, in one line.
  void say(Object line) {
    out.println(Printable.line(line.toString()));
  }

  /// Prints output for programs.
  void say(JsonValue value) {
    out.println(Printable.json(value));
  }

  /// Prints output for programs that read line by line.
  void sayLine(JsonValue value) {
    out.println(Printable.jsonLine(value));
  }

  /// Whether all requested output could be written so far.
  boolean isWritten() {
    return !out.checkError();
  }

  /// Prints a problem, in one line.
  void complain(String problem) {
    err.println("podbond: " + Printable.line(problem));
  }

  /// Prints what was skipped, one per line.
  void passedBy(List<String> which) {
    which.forEach(one -> complain("passed by: " + one));
  }
}
