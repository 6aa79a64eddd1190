package dev.podbond.cli.watch;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownChange;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The bonds of an agent's last answer, to be compared with the next one.
///
/// @param known by attachment
public record BondWatch(Map<String, KnownBond> known) {
  public BondWatch {
    known = Map.copyOf(known);
  }

  /// What the next answer says.
  ///
  /// @param events what happened since, the oldest first
  public record Step(BondWatch next, List<BondEvent> events) {
    public Step {
      events = List.copyOf(events);
    }
  }

  /// A watch that begins with these bonds, of which nothing is told.
  public static BondWatch of(List<KnownBond> bonds) {
    return new BondWatch(byKey(bonds));
  }

  /// The next answer.
  ///
  /// @param whole whether a bond that is not in it is gone: just after its start an agent has not
  ///   seen all bonds yet
  /// @param at the time of the answer
  public Step next(List<KnownBond> bonds, boolean whole, Instant at) {
    Map<String, KnownBond> now = byKey(bonds);
    List<BondEvent> events = new ArrayList<>();
    Map<String, KnownBond> next = new LinkedHashMap<>(now);
    known.forEach((key, bond) -> {
      if (now.containsKey(key)) {
        return;
      }
      if (whole) {
        events.add(
            new BondEvent(
                at.truncatedTo(ChronoUnit.SECONDS).toString(),
                bond.pod(),
                bond.bond(),
                "the agent has no record of it any more",
                "",
                Optional.empty()));
      } else {
        next.put(key, bond);
      }
    });
    now.forEach((key, bond) -> events.addAll(events(Optional.ofNullable(known.get(key)), bond)));
    events.sort(Comparator.comparing(BondWatch::time));
    return new Step(new BondWatch(next), events);
  }

  private static List<BondEvent> events(Optional<KnownBond> before, KnownBond now) {
    List<BondEvent> events = new ArrayList<>();
    List<KnownChange> changes = before.map(bond -> since(bond, now)).orElse(now.changes());
    if (before.isEmpty() && changes.isEmpty()) {
      events.add(event(now, now.since(), "seen for the first time", ""));
    }
    changes.forEach(change -> events.add(event(now, change.at(), change.change(), change.cause())));
    if (events.isEmpty() && before.isPresent() && before.get().health() != now.health()) {
      // What happened while no agent ran nobody saw.
      events.add(event(now, now.since(), "it was " + before.get().health(), ""));
    }
    if (!events.isEmpty()) {
      BondEvent last = events.removeLast();
      events.add(
          new BondEvent(
              last.at(),
              last.pod(),
              last.bond(),
              last.change(),
              last.cause(),
              Optional.of(now.health())));
    }
    return events;
  }

  private static BondEvent event(KnownBond bond, String at, String change, String cause) {
    return new BondEvent(at, bond.pod(), bond.bond(), change, cause, Optional.empty());
  }

  /// The changes after the last one that was there before. An agent keeps but a few; if that one is
  /// not among them all are new.
  private static List<KnownChange> since(KnownBond before, KnownBond now) {
    int last = before.latest().map(now.changes()::lastIndexOf).orElse(-1);
    return now.changes().subList(last + 1, now.changes().size());
  }

  private static Instant time(BondEvent event) {
    try {
      return Instant.parse(event.at());
    } catch (DateTimeParseException _) {
      return Instant.MIN;
    }
  }

  private static Map<String, KnownBond> byKey(List<KnownBond> bonds) {
    Map<String, KnownBond> byKey = new LinkedHashMap<>();
    for (KnownBond bond : bonds) {
      byKey.put(
          bond.container() + "\n" + bond.ifname() + "\n" + bond.pod() + "\n" + bond.bond(), bond);
    }
    return byKey;
  }
}
