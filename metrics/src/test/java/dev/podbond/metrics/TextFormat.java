package dev.podbond.metrics;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A second reader of the text format 0.0.4, which shares no code with the writer and accepts no
/// more than the format allows.
///
/// @param families by their names, in the order of the text
record TextFormat(Map<String, Family> families) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  /// One metric with its samples.
  record Family(String help, String type, List<Sample> samples) {}

  /// One line.
  record Sample(String name, Map<String, String> labels, String value) {}

  static TextFormat read(ByteBuffer bytes) {
    try {
      return read(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }

  static TextFormat read(String text) {
    if (!text.isEmpty() && !text.endsWith("\n")) {
      throw new AssertionError("the last line has no end");
    }
    Map<String, Family> families = new LinkedHashMap<>();
    Set<Sample> known = new HashSet<>();
    Optional<String> now = Optional.empty();
    for (String line : text.isEmpty() ? new String[0] : text.split("\n", -1)) {
      if (line.startsWith("# HELP ")) {
        String[] words = line.split(" ", 4);
        now = Optional.of(words[2]);
        if (families.put(words[2], new Family(words[3], "", new ArrayList<>())) != null) {
          throw new AssertionError(words[2] + " comes twice");
        }
      } else if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", 4);
        Family family = families.get(words[2]);
        if (family == null || !family.type().isEmpty() || !family.samples().isEmpty()) {
          throw new AssertionError("misplaced: " + line);
        }
        families.put(words[2], new Family(family.help(), words[3], family.samples()));
      } else if (!line.isEmpty()) {
        Sample sample = sample(line);
        Family family = families.get(now.orElseThrow());
        if (!belongs(sample.name(), now.orElseThrow(), family.type())) {
          throw new AssertionError(sample.name() + " among the samples of " + now);
        }
        if (!known.add(new Sample(sample.name(), sample.labels(), ""))) {
          throw new AssertionError("twice: " + line);
        }
        family.samples().add(sample);
      }
    }
    return new TextFormat(families);
  }

  private static boolean belongs(String sample, String family, String type) {
    return type.equals("histogram")
        ? Set.of(family + "_bucket", family + "_sum", family + "_count").contains(sample)
        : sample.equals(family);
  }

  private static Sample sample(String line) {
    Matcher name = NAME.matcher(line);
    if (!name.lookingAt()) {
      throw new AssertionError("no name: " + line);
    }
    Map<String, String> labels = new LinkedHashMap<>();
    int at = name.end();
    if (line.charAt(at) == '{') {
      do {
        Matcher label = LABEL.matcher(line).region(at + 1, line.length());
        if (!label.lookingAt() || !line.startsWith("=\"", label.end())) {
          throw new AssertionError("no label: " + line);
        }
        StringBuilder value = new StringBuilder();
        at = quoted(line, label.end() + 2, value);
        if (labels.put(label.group(), value.toString()) != null) {
          throw new AssertionError("a label twice: " + line);
        }
      } while (line.charAt(at) == ',');
      if (line.charAt(at) != '}') {
        throw new AssertionError("labels without end: " + line);
      }
      at++;
    }
    String value = line.substring(at + 1);
    if (line.charAt(at) != ' ' || !NUMBER.matcher(value).matches()) {
      throw new AssertionError("no number: " + line);
    }
    return new Sample(name.group(), labels, value);
  }

  /// @return the place behind the closing quote
  private static int quoted(String line, int from, StringBuilder value) {
    for (int at = from; ; at++) {
      char c = line.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\') {
        at++;
        switch (line.charAt(at)) {
          case '\\' -> value.append('\\');
          case '"' -> value.append('"');
          case 'n' -> value.append('\n');
          default -> throw new AssertionError("escape: " + line);
        }
      } else {
        value.append(c);
      }
    }
  }
}
