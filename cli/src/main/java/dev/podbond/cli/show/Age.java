package dev.podbond.cli.show;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/// How long ago something was, with the units and the precision of kubectl (`HumanDuration` of
/// apimachinery).
public final class Age {
  private Age() {}

  /// How long ago it was.
  ///
  /// @param then a time as an agent writes it; whatever is none was `-` ago
  public static String of(String then, Instant now) {
    Duration age;
    try {
      age = Duration.between(Instant.parse(then), now);
    } catch (DateTimeParseException _) {
      return "-";
    }
    return age.isNegative() ? "0s" : text(age);
  }

  private static String text(Duration age) {
    long minutes = age.toMinutes();
    long hours = age.toHours();
    long days = age.toDays();
    if (age.toSeconds() < 120) {
      return age.toSeconds() + "s";
    }
    if (minutes < 10) {
      return minutes + "m" + more(age.toSecondsPart(), "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    if (hours < 8) {
      return hours + "h" + more(age.toMinutesPart(), "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    if (days < 8) {
      return days + "d" + more(age.toHoursPart(), "h");
    }
    if (days < 2 * 365) {
      return days + "d";
    }
    return days < 8 * 365 ? days / 365 + "y" + more(days % 365, "d") : days / 365 + "y";
  }

  private static String more(long count, String unit) {
    return count == 0 ? "" : count + unit;
  }
}
