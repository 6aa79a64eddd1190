package dev.podbond.parity;

import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads `*.cases` files; parity/README.md describes their layout.
final class CaseReader {
  private static final Set<String> VERBS =
      Set.of("ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION", "NONSENSE", "NOTHING");

  private final String file;
  private final List<Step> before = new ArrayList<>();
  private final List<Case> cases = new ArrayList<>();
  private Optional<String> current = Optional.empty();
  private List<Step> steps = new ArrayList<>();
  private String defaultNetwork = "";

  private CaseReader(String file) {
    this.file = file;
  }

  /// The cases of one file in its order.
  ///
  /// @throws IllegalArgumentException with file and line of what it cannot read
  static List<Case> read(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".cases", "");
    return parse(name, Files.readAllLines(file));
  }

  static List<Case> parse(String file, List<String> lines) {
    CaseReader reader = new CaseReader(file);
    int number = 0;
    StringBuilder pending = new StringBuilder();
    for (String line : lines) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      if (text.endsWith("\\")) {
        pending.append(text, 0, text.length() - 1);
        continue;
      }
      try {
        reader.line(pending + text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s.cases:%d: %s".formatted(file, number, e.getMessage()), e);
      }
      pending.setLength(0);
    }
    reader.finish();
    return List.copyOf(reader.cases);
  }

  private void line(String text) {
    Deque<String> words = new ArrayDeque<>(List.of(text.split(" +")));
    String first = words.removeFirst();
    switch (first) {
      case "case" -> {
        finish();
        current = Optional.of(file + "/" + only(words));
        steps = new ArrayList<>(before);
      }
      case "pod" -> add(new Step.NewPod(only(words)));
      case "end" -> add(new Step.EndPod(only(words)));
      case "reboot" -> add(new Step.Reboot());
      case "vfs" -> add(vfs(words));
      case "dummies" -> {
        String place = next(words);
        add(new Step.Dummies(place, List.copyOf(words)));
      }
      case "in" -> {
        String place = next(words);
        add(new Step.Run(place, String.join(" ", words)));
      }
      case "network" -> {
        String name = next(words);
        defaultNetwork = name;
        add(new Step.Network(name, members(String.join(" ", words))));
      }
      case "expect" -> {
        String word = next(words);
        Step.Whom whom =
            switch (word) {
              case "peer" -> Step.Whom.PEER;
              case "podbond" -> Step.Whom.PODBOND;
              default -> Step.Whom.BOTH;
            };
        String facet = whom == Step.Whom.BOTH ? word : next(words);
        add(new Step.Expect(whom, facet, String.join(" ", words)));
      }
      default -> {
        if (!VERBS.contains(first)) {
          throw new IllegalArgumentException("neither a step nor a verb: " + first);
        }
        add(call(first, words));
      }
    }
  }

  private static Step vfs(Deque<String> words) {
    int perPf = Integer.parseInt(next(words));
    boolean anew = words.isEmpty();
    if (!anew && !only(words).equals("kept")) {
      throw new IllegalArgumentException("after the number comes kept, or nothing");
    }
    return new Step.MakeVfs(perPf, anew);
  }

  /// `VERB [NETWORK] [in POD] [as IFNAME] [env K=V]... [without KEY]... [with MEMBERS | stdin
  /// TEXT]`.
  private Step call(String verb, Deque<String> words) {
    String network = defaultNetwork();
    String pod = Step.FIRST_POD;
    String ifname = "bond0";
    Map<String, String> environment = new LinkedHashMap<>();
    List<String> without = new ArrayList<>();
    JsonObject with = JsonObject.of();
    Optional<String> stdin = Optional.empty();
    while (!words.isEmpty()) {
      String word = words.removeFirst();
      switch (word) {
        case "in" -> pod = next(words);
        case "as" -> ifname = next(words);
        case "without" -> without.add(next(words));
        case "env" -> {
          String[] pair = next(words).split("=", 2);
          environment.put(pair[0], pair[1]);
        }
        case "with" -> {
          with = members(String.join(" ", words));
          words.clear();
        }
        case "stdin" -> {
          stdin = Optional.of(String.join(" ", words));
          words.clear();
        }
        default -> network = word;
      }
    }
    return new Step.Call(verb, network, pod, ifname, environment, without, with, stdin);
  }

  private String defaultNetwork() {
    return defaultNetwork;
  }

  private void add(Step step) {
    (current.isPresent() ? steps : before).add(step);
  }

  private void finish() {
    current.ifPresent(name -> cases.add(new Case(name, steps)));
    current = Optional.empty();
    before.stream()
        .filter(Step.Network.class::isInstance)
        .map(Step.Network.class::cast)
        .reduce((_, last) -> last)
        .ifPresent(network -> defaultNetwork = network.name());
  }

  private static String only(Deque<String> words) {
    if (words.size() != 1) {
      throw new IllegalArgumentException("one word is expected, not " + words);
    }
    return words.removeFirst();
  }

  private static String next(Deque<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("a word is missing at the end");
    }
    return words.removeFirst();
  }

  /// For readability members are written with single quotes.
  private static JsonObject members(String text) {
    try {
      return Json.parseObject("{" + text.replace('\'', '"') + "}");
    } catch (JsonException e) {
      throw new IllegalArgumentException("no JSON members: " + text + ": " + e.getMessage(), e);
    }
  }
}
