package dev.podbond.cluster.yaml;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.Position;
import dev.podbond.cluster.source.SourceValue;
import dev.podbond.cluster.source.Written;
import dev.podbond.json.Json;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads YAML 1.2, which includes JSON, into the JSON data model: string keys, no cycles, no
/// duplicate keys.
public final class YamlReader {
  /// Aliases to collections can make a small text huge; objects of Kubernetes need very few.
  private static final int MAX_COLLECTION_ALIASES = 10;

  /// The result is stored as JSON, a few levels down, and must be readable from there.
  private static final int MAX_DEPTH = Json.MAX_DEPTH - 10;

  /// Longest document in characters, after every alias is replaced by its content.
  private static final int MAX_CHARS = Json.MAX_DOCUMENT_BYTES / 8;

  private final String file;
  private final String text;
  private long chars;

  private YamlReader(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /// The documents of a text without empty ones. Input may be hostile, so this limits its nesting
  /// and the size to which its aliases expand.
  ///
  /// @param file the name of the text in messages
  public static List<SourceValue> read(String file, String text) throws LocatedException {
    YamlReader reader = new YamlReader(file, text);
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setMaxAliasesForCollections(MAX_COLLECTION_ALIASES)
            .build();
    List<SourceValue> documents = new ArrayList<>();
    try {
      reader.requireShallow(new ParserImpl(settings, new StreamReader(settings, text)));
      Composer composer =
          new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)));
      while (composer.hasNext()) {
        SourceValue value = reader.value(composer.next());
        if (value.toJson() != JsonNull.NULL) {
          documents.add(value);
        }
      }
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      throw new LocatedException(reader.position(mark), "no valid YAML: " + problem(e));
    } catch (YamlEngineException e) {
      throw new LocatedException(new Position(file, 0), "no valid YAML: " + e.getMessage());
    }
    return List.copyOf(documents);
  }

  /// The parser has its own stack, but composing nodes from its events recurses.
  private void requireShallow(Parser events) throws LocatedException {
    int depth = 0;
    while (events.hasNext()) {
      Event event = events.next();
      depth +=
          switch (event.getEventId()) {
            case MappingStart, SequenceStart -> 1;
            case MappingEnd, SequenceEnd -> -1;
            default -> 0;
          };
      if (depth > MAX_DEPTH) {
        throw new LocatedException(
            position(event.getStartMark()), "nested more than " + MAX_DEPTH + " levels deep");
      }
    }
  }

  private void count(Position at, int more) throws LocatedException {
    // Quotes and a comma, so that many empty values count as well.
    chars += more + 3L;
    if (chars > MAX_CHARS) {
      throw new LocatedException(
          at, "with its aliases the text has more than " + MAX_CHARS + " characters");
    }
  }

  private static String problem(MarkedYamlEngineException e) {
    String problem = e.getProblem();
    String context = e.getContext();
    return context == null ? problem : context + ", " + problem;
  }

  private SourceValue value(Node node) throws LocatedException {
    Position at = position(node.getStartMark());
    if (node.isRecursive()) {
      throw new LocatedException(at, "an alias that contains itself");
    }
    count(at, node instanceof ScalarNode scalar ? scalar.getValue().length() : 0);
    return switch (node) {
      case MappingNode mapping -> mapping(at, mapping);
      case SequenceNode sequence -> sequence(at, sequence);
      case ScalarNode scalar -> scalar(at, scalar);
      default -> throw new LocatedException(at, "an unknown kind of node: " + node.getNodeType());
    };
  }

  private SourceValue mapping(Position at, MappingNode node) throws LocatedException {
    Map<String, SourceValue> entries = new LinkedHashMap<>();
    for (NodeTuple entry : node.getValue()) {
      Position keyAt = position(entry.getKeyNode().getStartMark());
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw new LocatedException(keyAt, "a key must be a plain word");
      }
      if (entries.containsKey(key.getValue())) {
        throw new LocatedException(
            keyAt, "the key \"" + key.getValue() + "\" stands here a second time; remove one");
      }
      count(keyAt, key.getValue().length());
      entries.put(key.getValue(), value(entry.getValueNode()));
    }
    return new SourceValue.Mapping(at, entries);
  }

  private SourceValue sequence(Position at, SequenceNode node) throws LocatedException {
    List<SourceValue> elements = new ArrayList<>();
    for (Node element : node.getValue()) {
      elements.add(value(element));
    }
    return new SourceValue.Sequence(at, elements);
  }

  private SourceValue scalar(Position at, ScalarNode node) throws LocatedException {
    Tag tag = node.getTag();
    String value = node.getValue();
    boolean bareWord = tag.equals(Tag.STR) && node.isPlain();
    Optional<Written> written =
        node.getStartMark()
            .flatMap(start ->
                node.getEndMark().map(end -> new Written(text, start.getIndex(), end.getIndex())));
    return new SourceValue.Scalar(at, json(at, tag, value), bareWord, written);
  }

  private static JsonValue json(Position at, Tag tag, String text) throws LocatedException {
    if (tag.equals(Tag.NULL)) {
      return JsonNull.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return JsonBoolean.of(text.toLowerCase(Locale.ROOT).equals("true"));
    }
    if (tag.equals(Tag.INT)) {
      return integer(at, text);
    }
    if (tag.equals(Tag.FLOAT)) {
      return fraction(at, text);
    }
    return new JsonString(text);
  }

  /// The core schema's integers: decimal with or without sign, `0o17`, `0xff`.
  private static JsonNumber integer(Position at, String text) throws LocatedException {
    try {
      BigInteger value =
          text.startsWith("0x")
              ? new BigInteger(text.substring(2), 16)
              : text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
      return new JsonNumber(value.toString());
    } catch (NumberFormatException _) {
      throw new LocatedException(at, "not a number: " + text);
    }
  }

  /// Most are numbers in JSON's form and stay as they are; others, such as `.5`, are converted.
  private static JsonNumber fraction(Position at, String text) throws LocatedException {
    if (JsonNumber.isNumber(text)) {
      return new JsonNumber(text);
    }
    try {
      return new JsonNumber(new BigDecimal(text).toString());
    } catch (NumberFormatException _) {
      throw new LocatedException(at, "not a number that JSON has: " + text);
    }
  }

  private Position position(Optional<Mark> mark) {
    return new Position(file, mark.map(m -> m.getLine() + 1).orElse(0));
  }
}
