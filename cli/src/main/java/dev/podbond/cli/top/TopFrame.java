package dev.podbond.cli.top;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cli.bond.KnownTraffic;
import dev.podbond.cli.show.Age;
import dev.podbond.cli.show.Label;
import dev.podbond.cluster.observed.Health;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How the bonds are at one moment, for a terminal of a certain size: the worst first, and as many
/// as have room.
///
/// @param rates what they carry
/// @param trouble why nothing newer is known
public record TopFrame(List<KnownBond> bonds, Rates rates, Instant at, Optional<String> trouble) {
  private static final int LEAST_POD = 10;

  /// For so much of a pod's name others leave.
  private static final int USEFUL_POD = 16;

  private static final String BETWEEN = "  ";

  /// What a terminal can do without if it is narrow, the first first.
  private static final List<Column> DISPENSABLE = List.of(Column.MODE, Column.SINCE, Column.ACTIVE);

  private enum Column {
    HEALTH("HEALTH", 8),
    POD("POD", 120),
    BOND("BOND", 15),
    MODE("MODE", 13),
    ACTIVE("ACTIVE", 15),
    UP("UP", 7),
    RECEIVED("RX/s", 7),
    TRANSMITTED("TX/s", 7),
    FAILURES("FAILURES", 8),
    SINCE("SINCE", 7);

    private final String heading;

    /// No name makes a column wider.
    private final int most;

    Column(String heading, int most) {
      this.heading = heading;
      this.most = most;
    }
  }

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
    Set<KnownTraffic.Bond> ambiguous = ambiguous();
    List<Map<Column, String>> cells =
        sorted.subList(0, shown).stream().map(bond -> cells(bond, ambiguous)).toList();
    Map<Column, Integer> widths = widths(cells, columns);
    lines.add(Line.of(line(headings(), widths, columns)));
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

  /// As while a pod is replaced by one of its name: metrics tell of one of the two.
  private Set<KnownTraffic.Bond> ambiguous() {
    Set<KnownTraffic.Bond> seen = new HashSet<>();
    return bonds.stream()
        .map(KnownTraffic.Bond::of)
        .filter(bond -> !seen.add(bond))
        .collect(Collectors.toSet());
  }

  private static Map<Column, String> headings() {
    Map<Column, String> headings = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      headings.put(column, column.heading);
    }
    return headings;
  }

  private Map<Column, String> cells(KnownBond bond, Set<KnownTraffic.Bond> ambiguous) {
    Optional<Rates.Rate> rate =
        rates.of(bond).filter(_ -> !ambiguous.contains(KnownTraffic.Bond.of(bond)));
    Map<Column, String> cells = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      String cell =
          switch (column) {
            case HEALTH -> bond.health().toString();
            case POD -> bond.pod();
            case BOND -> bond.bond();
            case MODE -> bond.mode();
            case ACTIVE -> bond.active();
            case UP -> bond.up() + "/" + bond.configured();
            case RECEIVED -> rate.map(Rates.Rate::received).map(Rates.Rate::text).orElse("");
            case TRANSMITTED -> rate.map(Rates.Rate::transmitted).map(Rates.Rate::text).orElse("");
            case FAILURES ->
                Long.toString(bond.members().stream().mapToLong(KnownMember::failures).sum());
            case SINCE -> Age.of(bond.since(), at);
          };
      cells.put(column, cell.isEmpty() ? "-" : Label.cut(cell, column.most));
    }
    return cells;
  }

  /// The columns that are shown. The pod's gets what the others leave.
  private static Map<Column, Integer> widths(List<Map<Column, String>> cells, int columns) {
    Map<Column, Integer> widths = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      widths.put(
          column,
          Math.max(
              column.heading.length(),
              cells.stream()
                  .mapToInt(row -> Label.columns(row.getOrDefault(column, "")))
                  .max()
                  .orElse(0)));
    }
    int useful = Math.clamp(widths.getOrDefault(Column.POD, 0), LEAST_POD, USEFUL_POD);
    for (Column column : DISPENSABLE) {
      if (left(widths, columns) < useful) {
        widths.remove(column);
      }
    }
    widths.merge(
        Column.POD,
        left(widths, columns),
        (wanted, left) -> Math.max(LEAST_POD, Math.min(wanted, left)));
    return widths;
  }

  /// What the columns beside the pod's leave.
  private static int left(Map<Column, Integer> widths, int columns) {
    int all = widths.values().stream().mapToInt(Integer::intValue).sum();
    int others = all - widths.getOrDefault(Column.POD, 0);
    return columns - others - BETWEEN.length() * (widths.size() - 1);
  }

  private static String line(Map<Column, String> cells, Map<Column, Integer> widths, int columns) {
    StringBuilder line = new StringBuilder();
    widths.forEach((column, width) -> {
      String cell = Label.cut(cells.getOrDefault(column, ""), width);
      line.append(cell).append(" ".repeat(width - Label.columns(cell))).append(BETWEEN);
    });
    return Label.cut(line.toString().stripTrailing(), columns);
  }
}
