package dev.podbond.cli.command;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Durations as kubectl's users write them: `90s`, `5m`, `1h30m`.
final class DurationOption {
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");
  private static final Duration MOST = Duration.ofDays(366);

  private DurationOption() {}

  /// What was given; empty if nothing was.
  ///
  /// @throws ParameterException if it is no duration between a millisecond and a year
  static Optional<Duration> of(ParseResult arguments, String option) {
    Optional<String> given = Optional.ofNullable(arguments.matchedOptionValue(option, null));
    return given.map(text ->
        parse(text)
            .orElseThrow(() ->
                new ParameterException(
                    arguments.commandSpec().commandLine(),
                    option
                        + " "
                        + text
                        + " is no duration between 1ms and a year, such as 90s, 5m or 1h30m")));
  }

  /// Empty if the text is no duration, or one that is of no use.
  static Optional<Duration> parse(String text) {
    // A longer one says the same as a short one.
    if (text.length() > 64 || !WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      long amount = Long.parseLong(parts.group(1));
      sum =
          sum.plus(
              switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
              });
    }
    return sum.isZero() || sum.compareTo(MOST) > 0 ? Optional.empty() : Optional.of(sum);
  }

  /// A duration as it is written on a command line.
  static String text(Duration time) {
    return time.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }
}
