package dev.podbond.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the output goes to.
interface Terminal {
  /// How much of it there is.
  record Size(int rows, int columns) {
    static final Size USUAL = new Size(24, 80);

    /// Of a terminal that says it is larger a part is used.
    private static final int MOST = 1000;

    /// Empty if it is no size of use.
    static Optional<Size> of(String rows, String columns) {
      Pattern number = Pattern.compile("[1-9]\\d{0,5}");
      return number.matcher(rows).matches() && number.matcher(columns).matches()
          ? Optional.of(
              new Size(
                  Math.clamp(Integer.parseInt(rows), 4, MOST),
                  Math.clamp(Integer.parseInt(columns), 10, MOST)))
          : Optional.empty();
    }
  }

  /// Whether somebody sees the output as it comes.
  boolean isLive();

  /// Its size now.
  Size size();

  /// The terminal of this process: what `LINES` and `COLUMNS` say, or stty.
  static Terminal of(Map<String, String> env) {
    return new Terminal() {
      @Override
      @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again without a terminal
      public boolean isLive() {
        return System.console() != null && System.console().isTerminal();
      }

      @Override
      public Size size() {
        return Size.of(env.getOrDefault("LINES", ""), env.getOrDefault("COLUMNS", ""))
            .or(Terminal::asked)
            .orElse(Size.USUAL);
      }
    };
  }

  private static Optional<Size> asked() {
    ProcessBuilder stty = new ProcessBuilder("/usr/bin/env", "stty", "size");
    stty.redirectInput(Path.of("/dev/tty").toFile());
    stty.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = stty.start();
      try {
        if (!process.waitFor(1, TimeUnit.SECONDS)) {
          return Optional.empty();
        }
        String said =
            new String(process.getInputStream().readNBytes(64), StandardCharsets.US_ASCII);
        Matcher size = Pattern.compile("(\\d+) (\\d+)\\s*").matcher(said);
        return size.matches() ? Size.of(size.group(1), size.group(2)) : Optional.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
