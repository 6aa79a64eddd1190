package dev.podbond.bonding.uplink;

import dev.podbond.bonding.config.ConfigProblem;
import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonLimits;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.Printable;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a node's uplinks are watched, as its owner sets it in `/etc/podbond/uplink.json`.
///
/// @param signals which of them count
/// @param probeInterval how often each target is asked
/// @param targets who is asked, if probes count
/// @param lldp whether it is heard who is at the other ends of the cables
/// @param downAfter so many bad readings among the last `2 * downAfter - 1` make an uplink bad; not
///   in a row, since one that flaps is no better than one that is dead
/// @param upAfter so many readings in a row without a bad one end that, of every signal
/// @param holdDown so long it is bad at least; each time that it soon turns bad again, twice as
///   long
/// @param longestHoldDown and no longer than this
/// @param storm when the fault is likelier here than on so many uplinks
public record UplinkSettings(
    UplinkAction action,
    Set<Signal> signals,
    Duration probeInterval,
    List<ProbeTarget> targets,
    boolean lldp,
    int downAfter,
    int upAfter,
    Duration holdDown,
    Duration longestHoldDown,
    Storm storm) {
  /// When so many uplinks look bad at once that the measuring side is the likelier culprit.
  ///
  /// @param percent if more of the PFs than this turn bad
  /// @param window within this time
  /// @param bondsAtOnce at most so many bonds leave a path in one look
  public record Storm(int percent, Duration window, int bondsAtOnce) {}

  /// How often everything is read.
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  /// The most that is read of the file.
  public static final JsonLimits LIMITS = new JsonLimits(64 * 1024, 1_000);

  /// What an empty object means: carrier and LACP are observed.
  public static final UplinkSettings DEFAULT =
      new UplinkSettings(
          UplinkAction.OBSERVE,
          Set.of(Signal.CARRIER, Signal.LACP),
          Duration.ofSeconds(1),
          List.of(),
          true,
          3,
          10,
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          new Storm(50, Duration.ofSeconds(10), 20));

  /// All readings that count must fit into the bits of a `long`.
  private static final int MOST_DOWN_AFTER = 30;

  private static final int MOST_UP_AFTER = 3_600;
  private static final int MOST_SECONDS = 24 * 60 * 60;
  private static final int MOST_TARGETS = 16;
  private static final int MOST_VLAN = 4094;
  private static final int MOST_SHOWN = 60;

  /// Copies set and list.
  public UplinkSettings {
    signals = Set.copyOf(signals);
    targets = List.copyOf(targets);
  }

  /// With another action.
  public UplinkSettings with(UplinkAction other) {
    return new UplinkSettings(
        other,
        signals,
        probeInterval,
        targets,
        lldp,
        downAfter,
        upAfter,
        holdDown,
        longestHoldDown,
        storm);
  }

  /// Reads the file. Whatever is not known there is refused: a limit that is misspelt must not be
  /// passed over.
  ///
  /// @throws JsonException if it is no JSON object, or too large
  /// @throws InvalidConfigException with every member that is wrong
  public static UplinkSettings parse(byte[] file) throws JsonException, InvalidConfigException {
    return read(Json.parseObject(file, LIMITS));
  }

  /// As [#parse(byte\[\])], of what was read already as a part of something larger.
  public static UplinkSettings parse(JsonObject settings)
      throws JsonException, InvalidConfigException {
    return read(Json.parseObject(settings.toString(), LIMITS));
  }

  private static UplinkSettings read(JsonObject settings) throws InvalidConfigException {
    List<ConfigProblem> problems = new ArrayList<>();
    JsonReader<RuntimeException> file =
        JsonReader.of(
            settings,
            JsonReader.Keys.EXACT,
            (where, expected, found) ->
                problems.add(problem(where, found, "it must be " + expected)));
    UplinkSettings parsed = new Parser(file, problems).settings();
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return parsed;
  }

  private static ConfigProblem problem(String where, Optional<JsonValue> found, String remedy) {
    return new ConfigProblem(
        where, found.map(value -> "is " + JsonReader.shown(value)).orElse("is missing"), remedy);
  }

  /// Reads one file, and collects what is wrong.
  private record Parser(JsonReader<RuntimeException> file, List<ConfigProblem> problems) {
    UplinkSettings settings() {
      known(
          file,
          "action",
          "signals",
          "probe",
          "lldp",
          "downAfter",
          "upAfter",
          "holdDownSeconds",
          "longestHoldDownSeconds",
          "storm");
      Optional<JsonReader<RuntimeException>> probe = file.object("probe");
      probe.ifPresent(object -> known(object, "intervalSeconds", "targets"));
      Duration holdDown =
          seconds(Optional.of(file), "holdDownSeconds", MOST_SECONDS, DEFAULT.holdDown);
      // A long hold-down alone is no contradiction.
      Duration longestUnsaid =
          holdDown.compareTo(DEFAULT.longestHoldDown) > 0 ? holdDown : DEFAULT.longestHoldDown;
      UplinkSettings parsed =
          new UplinkSettings(
              file.parsed("action", oneOf(UplinkAction.values()), UplinkAction::of)
                  .orElse(DEFAULT.action),
              signals(),
              seconds(probe, "intervalSeconds", 60, DEFAULT.probeInterval),
              probe.map(this::targets).orElse(List.of()),
              file.bool("lldp").orElse(DEFAULT.lldp),
              file.integer("downAfter", 1, MOST_DOWN_AFTER).orElse(DEFAULT.downAfter),
              file.integer("upAfter", 1, MOST_UP_AFTER).orElse(DEFAULT.upAfter),
              holdDown,
              seconds(Optional.of(file), "longestHoldDownSeconds", MOST_SECONDS, longestUnsaid),
              storm(file.object("storm")));
      checkTogether(parsed);
      return parsed;
    }

    private void checkTogether(UplinkSettings parsed) {
      if (parsed.signals.contains(Signal.PROBE) && parsed.targets.isEmpty()) {
        problems.add(
            new ConfigProblem(
                "probe.targets",
                "is empty",
                "signals has probe, which needs at least one host beyond the switch"));
      }
      if (parsed.action.demotes()
          && !parsed.signals.contains(Signal.LACP)
          && !parsed.signals.contains(Signal.PROBE)) {
        problems.add(
            new ConfigProblem(
                "action",
                "is \"" + parsed.action + "\"",
                "signals must have lacp or probe for it: without them a bond knows as much"
                    + " itself"));
      }
      if (parsed.longestHoldDown.compareTo(parsed.holdDown) < 0) {
        problems.add(
            new ConfigProblem(
                "longestHoldDownSeconds",
                "is " + parsed.longestHoldDown.toSeconds(),
                "it must be at least holdDownSeconds, " + parsed.holdDown.toSeconds()));
      }
    }

    private Set<Signal> signals() {
      Optional<List<JsonValue>> listed = file.list("signals", "a list of " + words());
      if (listed.isEmpty()) {
        return DEFAULT.signals;
      }
      Set<Signal> signals = EnumSet.noneOf(Signal.class);
      for (int i = 0; i < listed.get().size(); i++) {
        Optional<Signal> signal =
            listed.get().get(i) instanceof JsonString(String key)
                ? Signal.of(key)
                : Optional.empty();
        if (signal.isEmpty()) {
          problems.add(
              problem(
                  "signals[" + i + "]",
                  Optional.of(listed.get().get(i)),
                  "it must be " + oneOf(Signal.values())));
        }
        signal.ifPresent(signals::add);
      }
      if (listed.get().isEmpty()) {
        problems.add(
            new ConfigProblem("signals", "is empty", "it must have at least one of " + words()));
      }
      return signals;
    }

    private static String words() {
      return Stream.of(Signal.values()).map(Signal::toString).collect(Collectors.joining(", "));
    }

    private List<ProbeTarget> targets(JsonReader<RuntimeException> probe) {
      List<ProbeTarget> targets = new ArrayList<>();
      for (JsonReader<RuntimeException> target : probe.objects("targets")) {
        known(target, "address", "vlan");
        Optional<InetAddress> address =
            target.parsed("address", "an IP address without a prefix", IpText::parse);
        if (target.find("address").isEmpty()) {
          problems.add(
              problem(target.at("address"), Optional.empty(), "name the host's IP address"));
        }
        OptionalInt vlan = target.integer("vlan", 1, MOST_VLAN);
        address.ifPresent(found -> targets.add(new ProbeTarget(found, vlan)));
      }
      if (targets.size() > MOST_TARGETS) {
        problems.add(
            new ConfigProblem(
                probe.at("targets"),
                "has " + targets.size() + " hosts",
                "at most " + MOST_TARGETS + " can be asked"));
      }
      return targets;
    }

    private Storm storm(Optional<JsonReader<RuntimeException>> storm) {
      storm.ifPresent(object -> known(object, "percent", "windowSeconds", "bondsAtOnce"));
      return new Storm(
          number(storm, "percent", 100, DEFAULT.storm.percent),
          seconds(storm, "windowSeconds", 3_600, DEFAULT.storm.window),
          number(storm, "bondsAtOnce", 1_000, DEFAULT.storm.bondsAtOnce));
    }

    private static int number(
        Optional<JsonReader<RuntimeException>> object, String key, int most, int absent) {
      return object.map(members -> members.integer(key, 1, most).orElse(absent)).orElse(absent);
    }

    private static Duration seconds(
        Optional<JsonReader<RuntimeException>> object, String key, int most, Duration absent) {
      return Duration.ofSeconds(number(object, key, most, (int) absent.toSeconds()));
    }

    private static <T> String oneOf(T[] words) {
      return Stream.of(words).map(word -> "\"" + word + "\"").collect(Collectors.joining(" or "));
    }

    /// Refuses every other member.
    private void known(JsonReader<RuntimeException> object, String... keys) {
      Set<String> known = Set.of(keys);
      object.object().members().keySet().stream()
          .filter(key -> !known.contains(key))
          .forEach(key ->
              problems.add(
                  new ConfigProblem(
                      object.at(Printable.head(key, MOST_SHOWN)),
                      "is not known here",
                      "the members are " + String.join(", ", keys))));
    }
  }
}
