package dev.podbond.cli.command;

import dev.podbond.cli.top.TopFrame;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.Printable;
import java.io.PrintWriter;
import java.util.List;

/// A terminal's second screen, on which frames replace each other. The first comes back as it was
/// when this is closed, or when the process is told to end.
final class Screen implements AutoCloseable {
  private static final String ESC = "\u001b[";
  private static final String ENTER = ESC + "?1049h" + ESC + "?25l";
  private static final String LEAVE = ESC + "?25h" + ESC + "?1049l";
  private static final String HOME = ESC + "H";
  private static final String CLEAR_LINE = ESC + "K";
  private static final String CLEAR_BELOW = ESC + "J";
  private static final String PLAIN = ESC + "0m";

  private final PrintWriter out;
  private final boolean colours;
  private final Thread atEnd = new Thread(this::leave, "screen");
  private boolean left;

  private Screen(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /// Switches to the second screen.
  static Screen enter(PrintWriter out, boolean colours) {
    Screen screen = new Screen(out, colours);
    Runtime.getRuntime().addShutdownHook(screen.atEnd);
    out.print(ENTER);
    return screen;
  }

  /// Shows a frame in the place of the last one. Each line is written over the old one and the rest
  /// cleared, so that nothing flickers.
  synchronized void show(List<TopFrame.Line> lines) {
    if (left) {
      return;
    }
    StringBuilder frame = new StringBuilder(HOME);
    for (int i = 0; i < lines.size(); i++) {
      frame.append(i == 0 ? "" : "\r\n").append(line(lines.get(i))).append(CLEAR_LINE);
    }
    out.print(frame.append(CLEAR_BELOW));
    out.flush();
  }

  private String line(TopFrame.Line line) {
    String text = Printable.line(line.text());
    String word = line.health().map(Health::toString).orElse("");
    return !colours || word.isEmpty() || !text.startsWith(word)
        ? text
        : ESC + colour(line.health().orElseThrow()) + word + PLAIN + text.substring(word.length());
  }

  private static String colour(Health health) {
    return switch (health) {
      case DOWN -> "1;31m";
      case DEGRADED -> "1;33m";
      case UNKNOWN -> "1;35m";
      case HEALTHY -> "32m";
    };
  }

  private synchronized void leave() {
    if (!left) {
      left = true;
      out.print(LEAVE);
      out.flush();
    }
  }

  @Override
  public void close() {
    leave();
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException _) {
      // The process ends.
    }
  }
}
