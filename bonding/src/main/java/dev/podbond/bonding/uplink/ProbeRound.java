package dev.podbond.bonding.uplink;

import dev.podbond.value.IpText;
import dev.podbond.value.PciAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Hosts were asked on some ways at one moment. Each way gives one reading in each round: that it
/// is good as soon as one of its hosts has answered, and that it is bad at the end of the round, if
/// everybody was asked for them by then. A frame to the MAC from which a host has last answered is
/// not enough: that host may have another one by now, and anybody can answer in its name.
///
/// @param begun when, by a clock that never goes back
/// @param asked when somebody was last asked in it
/// @param open the ways of which nothing was said yet
public record ProbeRound(Duration begun, Duration asked, Map<ProbePath, Question> open) {
  /// How long a host may take to answer before everybody is asked for it, and before the round
  /// ends.
  static final Duration TIME_TO_ANSWER = Duration.ofMillis(500);

  /// What became of asking on one way.
  public sealed interface Question {
    /// These hosts were asked.
    record Asked(Set<InetAddress> hosts) implements Question {
      /// Copies the set.
      public Asked {
        hosts = Set.copyOf(hosts);
      }
    }

    /// These hosts were asked, some of them by a frame to a MAC.
    record AskedByMac(Set<InetAddress> hosts) implements Question {
      /// Copies the set.
      public AskedByMac {
        hosts = Set.copyOf(hosts);
      }
    }

    /// Nobody could be asked.
    ///
    /// @param reading what follows from that
    record Unasked(Reading reading) implements Question {}
  }

  /// What a round tells at one moment.
  ///
  /// @param readings of the ways of which something follows now
  /// @param rest what is still open
  public record Told(Map<ProbePath, Reading> readings, ProbeRound rest) {
    /// Copies the map.
    public Told {
      readings = Map.copyOf(readings);
    }
  }

  /// Copies the map.
  public ProbeRound {
    open = Map.copyOf(open);
  }

  /// Whom to ask on which way.
  public static Map<ProbePath, Set<InetAddress>> questions(
      Collection<PciAddress> pfs, List<ProbeTarget> targets) {
    Map<ProbePath, Set<InetAddress>> questions = new TreeMap<>();
    pfs.forEach(pf ->
        targets.forEach(target ->
            questions
                .computeIfAbsent(new ProbePath(pf, target.vlan()), _ -> new LinkedHashSet<>())
                .add(target.address())));
    return questions;
  }

  /// Begins one in which hosts were asked.
  ///
  /// @param questions whom to ask on which way
  /// @param unasked on which of these nobody could be asked, and what follows from that
  /// @param byMac on which of these some hosts were asked by a frame to a MAC
  public static ProbeRound begin(
      Duration now,
      Map<ProbePath, Set<InetAddress>> questions,
      Map<ProbePath, Reading> unasked,
      Set<ProbePath> byMac) {
    Map<ProbePath, Question> open = new TreeMap<>();
    questions.forEach((path, hosts) ->
        open.put(
            path,
            Optional.ofNullable(unasked.get(path))
                .<Question>map(Question.Unasked::new)
                .orElseGet(() ->
                    byMac.contains(path)
                        ? new Question.AskedByMac(hosts)
                        : new Question.Asked(hosts))));
    return new ProbeRound(now, now, open);
  }

  /// Whether it is time for the next one.
  public boolean isOver(Duration now, Duration interval) {
    return now.minus(begun).compareTo(interval) >= 0
        && now.minus(asked).compareTo(TIME_TO_ANSWER) >= 0
        && byMac().isEmpty();
  }

  private Set<ProbePath> byMac() {
    return open.entrySet().stream()
        .filter(way -> way.getValue() instanceof Question.AskedByMac)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// The ways on which it is time to ask everybody, as nobody has answered.
  public Set<ProbePath> silent(Duration now) {
    return now.minus(asked).compareTo(TIME_TO_ANSWER) >= 0 ? byMac() : Set.of();
  }

  /// The same after everybody was asked on the ways that were [silent][#silent].
  public ProbeRound askedEverybody(Duration now) {
    Map<ProbePath, Question> all = new TreeMap<>(open);
    all.replaceAll((_, question) ->
        question instanceof Question.AskedByMac(Set<InetAddress> hosts)
            ? new Question.Asked(hosts)
            : question);
    return new ProbeRound(begun, now, all);
  }

  /// What follows now.
  ///
  /// @param answered the ways on which somebody who was asked has answered since the last time
  public Told tell(Set<ProbePath> answered, Duration now, Duration interval) {
    Map<ProbePath, Reading> readings = new TreeMap<>();
    Map<ProbePath, Question> rest = new TreeMap<>(open);
    open.forEach((path, question) ->
        reading(question, answered.contains(path), isOver(now, interval))
            .ifPresent(reading -> {
              readings.put(path, reading);
              rest.remove(path);
            }));
    return new Told(readings, new ProbeRound(begun, asked, rest));
  }

  private static Optional<Reading> reading(Question question, boolean answered, boolean over) {
    return switch (question) {
      case Question.Unasked(Reading reading) -> Optional.of(reading);
      case Question.Asked(Set<InetAddress> _) when answered -> Optional.of(Reading.good());
      case Question.Asked(Set<InetAddress> hosts) ->
          over ? Optional.of(new Reading.Bad("no answer from " + named(hosts))) : Optional.empty();
      case Question.AskedByMac(Set<InetAddress> _) ->
          answered ? Optional.of(Reading.good()) : Optional.empty();
    };
  }

  private static String named(Set<InetAddress> hosts) {
    return hosts.stream().map(IpText::format).sorted().collect(Collectors.joining(", "));
  }
}
