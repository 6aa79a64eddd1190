package dev.podbond.reporter;

import dev.podbond.json.Printable;
import java.io.PrintStream;

/// The log of the pod's container. What is as it was said last is not said again: a problem that
/// lasts for a night is one line.
final class ReporterLog {
  private final PrintStream out;
  private String last = "";

  ReporterLog(PrintStream out) {
    this.out = out;
  }

  /// A sentence, unless it is the last one again.
  synchronized void say(String sentence) {
    if (!sentence.equals(last)) {
      last = sentence;
      out.println("podbond-reporter: " + Printable.line(sentence));
    }
  }
}
