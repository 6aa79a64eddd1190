package dev.podbond.cli.top;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.show.Age;
import dev.podbond.cli.show.Label;
import dev.podbond.cluster.observed.Health;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How the bonds are at one moment, for a terminal of a certain size: the worst first, and as many
/// as have room.
///
/// @param trouble why nothing newer is known
public record TopFrame(List<KnownBond> bonds, Instant at, Optional<String> trouble) {
  private static final List<String> HEADINGS =
      List.of("HEALTH", "POD", "BOND", "MODE", "ACTIVE", "UP", "FAILURES", "SINCE");
  private static final int POD = 1;

  /// No name makes a column wider.
  private static final int[] MOST = {8, 120, 15, 13, 15, 7, 8, 7};

  private static final int LEAST_POD = 10;
  private static final String BETWEEN = "  ";

  public TopFrame {
    bonds = List.copyOf(bonds);
  }

  /// One line.
  ///
  /// @param health what its first word says, if it is of a bond
  public record Line(String text, Optional<Health> health) {
    static Line of(String text) {
      return new Line(text, Optional.empty());
    }
  }

  /// The lines, none of which is longer than the terminal is wide.
  ///
  /// @param rows at most so many lines; at least four
  public List<Line> lines(int rows, int columns) {
    List<Line> lines = new ArrayList<>();
    lines.add(Line.of(Label.cut(summary(), columns)));
    trouble.ifPresent(text -> lines.add(Line.of(Label.cut(text, columns))));
    int room = Math.max(1, rows - lines.size() - 1);
    List<KnownBond> sorted =
        bonds.stream()
            .sorted(
                Comparator.comparing(KnownBond::health)
                    .thenComparing(KnownBond::pod)
                    .thenComparing(KnownBond::bond))
            .toList();
    int shown = sorted.size() <= room ? sorted.size() : Math.max(0, room - 1);
    List<List<String>> cells = sorted.subList(0, shown).stream().map(this::cells).toList();
    int[] widths = widths(cells, columns);
    lines.add(Line.of(line(HEADINGS, widths, columns)));
    for (int i = 0; i < shown; i++) {
      lines.add(new Line(line(cells.get(i), widths, columns), Optional.of(sorted.get(i).health())));
    }
    if (shown < sorted.size()) {
      lines.add(
          Line.of(
              Label.cut(
                  "... "
                      + (sorted.size() - shown)
                      + " more: "
                      + counts(sorted.subList(shown, sorted.size())),
                  columns)));
    }
    return List.copyOf(lines);
  }

  private String summary() {
    return "%s  %d %s%s"
        .formatted(
            at.truncatedTo(ChronoUnit.SECONDS),
            bonds.size(),
            bonds.size() == 1 ? "bond" : "bonds",
            bonds.isEmpty() ? "" : ": " + counts(bonds));
  }

  private static String counts(List<KnownBond> some) {
    Map<Health, Long> counts =
        some.stream()
            .collect(Collectors.groupingBy(KnownBond::health, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", "));
  }

  private List<String> cells(KnownBond bond) {
    long failures = bond.members().stream().mapToLong(KnownMember::failures).sum();
    List<String> cells =
        List.of(
            bond.health().toString(),
            bond.pod(),
            bond.bond(),
            bond.mode(),
            bond.active(),
            bond.up() + "/" + bond.configured(),
            Long.toString(failures),
            Age.of(bond.since(), at));
    List<String> cut = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      cut.add(cells.get(i).isEmpty() ? "-" : Label.cut(cells.get(i), MOST[i]));
    }
    return cut;
  }

  /// The pod's column gets what the others leave.
  private static int[] widths(List<List<String>> cells, int columns) {
    int[] widths = new int[HEADINGS.size()];
    int others = BETWEEN.length() * (widths.length - 1);
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              HEADINGS.get(i).length(),
              cells.stream().mapToInt(row -> Label.columns(row.get(column))).max().orElse(0));
      others += i == POD ? 0 : widths[i];
    }
    widths[POD] = Math.max(LEAST_POD, Math.min(widths[POD], columns - others));
    return widths;
  }

  private static String line(List<String> cells, int[] widths, int columns) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = Label.cut(cells.get(i), widths[i]);
      line.append(cell);
      if (i < widths.length - 1) {
        line.append(" ".repeat(widths[i] - Label.columns(cell))).append(BETWEEN);
      }
    }
    return Label.cut(line.toString().stripTrailing(), columns);
  }
}
