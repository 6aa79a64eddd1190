package dev.podbond.agent.uplink;

import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.ProbeReach;
import dev.podbond.bonding.uplink.ProbeRound;
import dev.podbond.bonding.uplink.ProbeTarget;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.node.probe.Probes;
import dev.podbond.value.PciAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Has hosts asked through all PFs at once, in rounds. All in one, so that hosts that are gone are
/// missed by all PFs in the same look, which is then known as a storm and not taken for a fault of
/// the first. Hosts that are not asked each second are asked by frames for them alone, and
/// everybody only for those who do not answer that. Nobody waits for an answer: it counts when
/// somebody looks again. Not for use by several threads.
final class Prober {
  private final Probes probes;
  private List<ProbeTarget> targets = List.of();
  private Optional<ProbeRound> round = Optional.empty();

  /// What is known at one look.
  ///
  /// @param readings of the ways of which there is something new
  /// @param waiting all others
  record Seen(Map<ProbePath, Reading> readings, Set<ProbePath> waiting) {}

  Prober(Probes probes) {
    this.probes = probes;
  }

  /// What follows from answers, and, when it is time, the next questions.
  Seen look(Collection<PciAddress> pfs, UplinkSettings settings, Duration now) {
    if (!settings.targets().equals(targets)) {
      stop();
      targets = settings.targets();
    }
    Map<ProbePath, Set<InetAddress>> questions = ProbeRound.questions(pfs, targets);
    Map<ProbePath, Reading> readings = new TreeMap<>();
    if (round.isPresent()) {
      ProbeRound.Told told = round.get().tell(probes.answered(), now, settings.probeInterval());
      readings.putAll(told.readings());
      readings.keySet().retainAll(questions.keySet());
      round = Optional.of(heard(told.rest(), now));
    }
    if (round.isEmpty() || round.get().isOver(now, settings.probeInterval())) {
      Probes.Asked asked = probes.ask(questions, ProbeReach.first(settings.probeInterval()));
      round = Optional.of(ProbeRound.begin(now, questions, asked.unasked(), asked.byMac()));
    }
    Set<ProbePath> waiting = new TreeSet<>(questions.keySet());
    waiting.removeAll(readings.keySet());
    return new Seen(readings, waiting);
  }

  private ProbeRound heard(ProbeRound open, Duration now) {
    Set<ProbePath> silent = open.silent(now);
    if (silent.isEmpty()) {
      return open;
    }
    probes.askEverybody(silent);
    return open.askedEverybody(now);
  }

  /// Gives up until the next look.
  void stop() {
    probes.stop();
    round = Optional.empty();
    targets = List.of();
  }
}
