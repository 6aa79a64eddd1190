package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.json.Printable;
import java.io.PrintStream;
import java.time.Duration;

/// The agent's log, one line for each event. The journal adds the times.
public final class AgentLog {
  private final PrintStream out;

  public AgentLog(PrintStream out) {
    this.out = out;
  }

  /// Logs an event that a person may want to know.
  public void info(String message) {
    out.println("podbond-agent: " + Printable.line(message));
  }

  /// Logs a problem that a person should look at.
  public void warn(String message) {
    out.println("podbond-agent: warning: " + Printable.line(message));
  }

  void served(Call call, Answer answer, long nanos) {
    StringBuilder line = new StringBuilder(call.plugin()).append(' ').append(call.verb());
    if (!call.containerId().isEmpty()) {
      line.append(' ').append(call.containerId()).append(':').append(call.ifname());
    }
    line.append(answer.exitCode() == 0 ? " done" : " failed")
        .append(" in ")
        .append(Duration.ofNanos(nanos).toMillis())
        .append(" ms");
    info(line.toString());
    if (answer.exitCode() != 0) {
      warn(oneLine(answer.stdout()));
    }
    answer.stderr().lines().map(Printable::line).forEach(out::println);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
