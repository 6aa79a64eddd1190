package dev.podbond.agent.uplink;

import dev.podbond.bonding.uplink.ProbePath;
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

  volatile boolean stopped = true;

  private final Set<ProbePath> answered = new TreeSet<>();

  @Override
  public Map<ProbePath, Reading> ask(Map<ProbePath, Set<InetAddress>> questions) {
    stopped = false;
    asked += questions.size();
    answered.addAll(questions.keySet());
    Map<ProbePath, Reading> failed = new TreeMap<>();
    unasked.ifPresent(why -> questions.keySet().forEach(path -> failed.put(path, why)));
    return failed;
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
  }
}
