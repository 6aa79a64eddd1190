package dev.podbond.cli.show;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.Printable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Rows of JSON objects that all have the columns' members: the same content for people and for
/// programs.
///
/// @param columns the members' names, in order
public record Table(List<String> columns, List<JsonObject> rows) {
  public Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /// The rows as a JSON array.
  public JsonArray toJson() {
    return new JsonArray(List.<JsonValue>copyOf(rows));
  }

  /// The rows below a line of headings, in aligned columns; empty cells are a hyphen.
  public String toText() {
    List<List<String>> lines =
        rows.stream()
            .map(row -> columns.stream().map(column -> cell(row, column)).toList())
            .toList();
    List<String> headings = columns.stream().map(Table::heading).toList();
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              headings.get(i).length(),
              lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0));
    }
    StringBuilder text = new StringBuilder(line(headings, widths));
    lines.forEach(line -> text.append('\n').append(line(line, widths)));
    return text.toString();
  }

  /// The heading of `adminMac` is ADMIN-MAC.
  private static String heading(String column) {
    return column.replaceAll("([A-Z])", "-$1").toUpperCase(Locale.ROOT);
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i));
      if (i < widths.length - 1) {
        line.append(" ".repeat(widths[i] - cells.get(i).length() + 3));
      }
    }
    return line.toString();
  }

  private static String cell(JsonObject row, String column) {
    String text = Printable.line(row.get(column).map(Table::text).orElse(""));
    return text.isEmpty() ? "-" : text;
  }

  private static String text(JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> text;
      case JsonNumber number -> number.text();
      case JsonArray array -> array.stream().map(Table::text).collect(Collectors.joining(", "));
      case JsonObject object ->
          object.members().values().stream().map(Table::text).collect(Collectors.joining(" "));
      case JsonBoolean flag -> flag.toString();
      case JsonNull _ -> "";
    };
  }
}
