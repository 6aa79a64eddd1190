package dev.podbond.cli.command;

import dev.podbond.json.JsonValue;
import dev.podbond.json.Printable;
import java.io.PrintWriter;
import java.util.List;

/// Where a command writes. Names and messages are others' text, and none of it reaches a terminal
/// with line ends, control sequences or marks that turn its direction.
///
/// @param out what was asked for
/// @param err what went wrong
public record Console(PrintWriter out, PrintWriter err) {
  /// Says something that was asked for, in one line.
  void say(Object line) {
    out.println(Printable.line(line.toString()));
  }

  /// Says what a program is to read.
  void say(JsonValue value) {
    out.println(Printable.json(value));
  }

  /// Says what went wrong, in one line.
  void complain(String problem) {
    err.println("podbond: " + Printable.line(problem));
  }

  /// Says what was left out, one to a line.
  void passedBy(List<String> which) {
    which.forEach(one -> complain("passed by: " + one));
  }
}
