package dev.podbond.agent.uplink;

import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.ProbeReach;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.node.probe.Probes;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Hosts beyond the switch that answer at once, on all ways that are not silent.
final class SomeHosts implements Probes {
  final Set<ProbePath> silent = new HashSet<>();

  /// On any way.
  Optional<Reading> unasked = Optional.empty();

  /// How many ways were asked on, each time counted.
  int asked;

  /// How many ways everybody was asked on after a host alone had not answered, each time counted.
  int askedEverybody;

  /// On these the hosts have another MAC than they had.
  final Set<ProbePath> moved = new HashSet<>();

  volatile boolean stopped = true;

  private final Set<ProbePath> known = new HashSet<>();

  private final Set<ProbePath> answered = new TreeSet<>();

  @Override
  public Asked ask(Map<ProbePath, Set<InetAddress>> questions, ProbeReach reach) {
    stopped = false;
    asked += questions.size();
    answered.addAll(questions.keySet());
    answered.removeAll(moved);
    Map<ProbePath, Reading> failed = new TreeMap<>();
    unasked.ifPresent(why -> questions.keySet().forEach(path -> failed.put(path, why)));
    known.retainAll(questions.keySet());
    Set<ProbePath> byMac = reach == ProbeReach.THE_HOST ? Set.copyOf(known) : Set.of();
    known.addAll(questions.keySet());
    return new Asked(failed, byMac);
  }

  @Override
  public void askEverybody(Set<ProbePath> ways) {
    askedEverybody += ways.size();
    answered.addAll(ways);
    moved.removeAll(ways);
  }

  @Override
  public Set<ProbePath> answered() {
    Set<ProbePath> now = new TreeSet<>(answered);
    now.removeAll(silent);
    answered.clear();
    return now;
  }

  @Override
  public void stop() {
    stopped = true;
    answered.clear();
    known.clear();
  }
}
