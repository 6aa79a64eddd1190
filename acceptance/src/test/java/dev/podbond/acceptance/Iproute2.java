package dev.podbond.acceptance;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// iproute2 in one network namespace: it makes the starting point of tests, and observes the
/// plugins' results independently.
final class Iproute2 {
  private static final String INTERRUPTED = "Dump was interrupted";

  private final List<String> command;

  private Iproute2(List<String> command) {
    this.command = command;
  }

  /// The namespace of the node.
  static Iproute2 ofHost() {
    return new Iproute2(List.of("ip"));
  }

  static Iproute2 of(String netns) {
    return new Iproute2(List.of("ip", "-n", netns));
  }

  /// Runs `ip` with these words, separated by blanks.
  String run(String words) throws IOException {
    return Shell.run(with(words));
  }

  /// Runs these one after the other, up to the first that fails, with one process.
  void runAll(List<String> lines) throws IOException {
    Shell.run(with("-batch -"), String.join("\n", lines) + "\n");
  }

  private List<String> with(String words) {
    return Stream.concat(command.stream(), Stream.of(words.split(" "))).toList();
  }

  /// Runs `ip -d -j` and reads the objects it prints. A dump during which links came or went, as
  /// they do while a namespace dies, does not show one moment. So it is repeated, as the kernel
  /// requests (NLM_F_DUMP_INTR).
  List<JsonObject> read(String words) throws IOException {
    String output = Shell.run(with("-d -j " + words));
    while (output.contains(INTERRUPTED)) {
      output = Shell.run(with("-d -j " + words));
    }
    return objects(words, output);
  }

  /// Reads several things with one process, which is faster on an emulated processor.
  List<List<JsonObject>> readAll(List<String> questions) throws IOException {
    String lines = String.join("\n", questions) + "\n";
    List<String> batch = with("-d -j -batch -");
    String output = Shell.run(batch, lines);
    while (output.contains(INTERRUPTED)) {
      output = Shell.run(batch, lines);
    }
    List<String> answers = output.lines().toList();
    if (answers.size() != questions.size()) {
      throw new AssertionError("ip answered " + questions + " with " + output);
    }
    List<List<JsonObject>> read = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      read.add(objects(questions.get(i), answers.get(i)));
    }
    return read;
  }

  private static List<JsonObject> objects(String words, String output) {
    if (output.isBlank()) {
      return List.of();
    }
    try {
      JsonValue value = Json.parse(output.strip());
      // With a filter that nothing matches, iproute2 prints empty objects.
      return ((JsonArray) value)
          .elements().stream()
              .map(JsonObject.class::cast)
              .filter(object -> !object.isEmpty())
              .toList();
    } catch (JsonException e) {
      throw new AssertionError("ip " + words + " printed " + output, e);
    }
  }

  List<SeenLink> links() throws IOException {
    return read("link show").stream().map(SeenLink::new).toList();
  }

  /// The link that has this name or alternative name.
  Optional<SeenLink> find(String name) throws IOException {
    return links().stream().filter(link -> link.answersTo(name)).findFirst();
  }

  SeenLink link(String name) throws IOException {
    return find(name).orElseThrow(() -> new AssertionError("there is no link " + name));
  }

  /// The addresses of a link as `10.0.0.1/24`, without IPv6 link-local ones.
  List<String> addresses(String link) throws IOException {
    return read("address show dev " + link).stream()
        .flatMap(object -> addressesOf(object).stream())
        .toList();
  }

  /// The addresses of one object of `ip -j address`.
  static List<String> addressesOf(JsonObject link) {
    return SeenLink.objects(link, "addr_info").stream()
        .filter(address -> !SeenLink.text(address, "scope").equals("link"))
        .map(address -> SeenLink.text(address, "local") + "/" + SeenLink.text(address, "prefixlen"))
        .toList();
  }
}
