package dev.podbond.bonding.uplink;

import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The uplinks of a node's PFs over time.
///
/// @param pfs each PF's
/// @param current a storm, in which nothing is to be done about any of them, since too many look
///   bad at once: then the fault is likelier where it is measured. Empty if there is none
public record NodeUplinks(Map<PciAddress, PfUplink> pfs, Optional<CurrentStorm> current) {
  /// A storm that is not over. Times are those of a clock that never goes back.
  ///
  /// @param why in words
  /// @param began at which look it was first known
  /// @param shown at which look it was last known by more than what it leaves behind
  public record CurrentStorm(String why, Duration began, Duration shown) {}

  /// Of a node of which nothing was read yet.
  public static final NodeUplinks NONE = new NodeUplinks(Map.of(), Optional.empty());

  private static final int PERCENT = 100;

  /// One PF that looks bad is no storm, though it be the only one.
  private static final int LEAST_OF_A_STORM = 2;

  /// Copies the map.
  public NodeUplinks {
    pfs = Map.copyOf(pfs);
  }

  /// After one more look.
  ///
  /// @param readings what each signal says of each PF now; a PF that is not among them is forgotten
  /// @param now by a clock that never goes back
  public NodeUplinks next(
      Map<PciAddress, Map<SignalKey, Reading>> readings, Duration now, UplinkSettings settings) {
    return next(readings, Set.of(), Set.of(), now, settings);
  }

  /// After one more look, at which there is nothing new of some probes: an answer is waited for, or
  /// it is not time to ask again. For these stands what was read last, and they are not counted as
  /// read again, so that one lost answer is one bad reading, however seldom hosts are asked.
  ///
  /// @param waiting the ways of these probes
  /// @param unplugged the PFs that are known to have no carrier, also where that is no signal
  public NodeUplinks next(
      Map<PciAddress, Map<SignalKey, Reading>> readings,
      Set<ProbePath> waiting,
      Set<PciAddress> unplugged,
      Duration now,
      UplinkSettings settings) {
    Map<PciAddress, PfUplink> next = new TreeMap<>();
    readings.forEach((pf, signals) ->
        next.put(
            pf,
            Optional.ofNullable(pfs.get(pf))
                .orElseGet(() -> PfUplink.begin(now, settings))
                .next(signals, keys(waiting, pf), now, settings)));
    Map<PciAddress, PfUplink> plugged = new TreeMap<>(next);
    plugged.keySet().removeAll(unplugged);
    return new NodeUplinks(next, storm(next.values(), plugged.values(), now, settings));
  }

  /// Why nothing is to be done about any of them; empty if there is no storm.
  public Optional<String> storm() {
    return current.map(CurrentStorm::why);
  }

  /// Whether both say the same of each uplink, and of a storm, for whatever reasons. Of one that is
  /// unknown, and of one that is not there, nothing is said.
  public boolean saysAs(NodeUplinks other) {
    return current.isPresent() == other.current.isPresent() && known().equals(other.known());
  }

  private Map<PciAddress, Boolean> known() {
    Map<PciAddress, Boolean> known = new TreeMap<>();
    pfs.forEach((pf, uplink) -> {
      if (uplink.verdict().isGood() || uplink.verdict().isBad()) {
        known.put(pf, uplink.verdict().isGood());
      }
    });
    return known;
  }

  private static Set<SignalKey> keys(Set<ProbePath> waiting, PciAddress pf) {
    return waiting.stream()
        .filter(path -> path.pf().equals(pf))
        .map(ProbePath::key)
        .collect(Collectors.toSet());
  }

  private Optional<CurrentStorm> storm(
      Collection<PfUplink> uplinks,
      Collection<PfUplink> plugged,
      Duration now,
      UplinkSettings settings) {
    return shown(uplinks, plugged, now, settings)
        .map(why -> new CurrentStorm(why, current.map(CurrentStorm::began).orElse(now), now))
        .or(() -> current.flatMap(storm -> aftermath(storm, uplinks, now, settings)));
  }

  /// What shows a storm now.
  private Optional<String> shown(
      Collection<PfUplink> uplinks,
      Collection<PfUplink> plugged,
      Duration now,
      UplinkSettings settings) {
    Optional<String> here = silence(plugged, settings);
    if (here.isPresent()) {
      return here;
    }
    long bad = uplinks.stream().filter(uplink -> uplink.verdict().isBad()).count();
    long turned =
        uplinks.stream()
            .filter(uplink -> uplink.verdict().isBad())
            .filter(uplink -> now.minus(uplink.since()).compareTo(settings.storm().window()) < 0)
            .count();
    if (isTooMany(turned, uplinks.size(), settings)) {
      return Optional.of(
          "%d of %d uplinks turned bad within %d s"
              .formatted(turned, uplinks.size(), settings.storm().window().toSeconds()));
    }
    // It lasts until so many of them are good again.
    return current.isPresent() && isTooMany(bad, uplinks.size(), settings)
        ? Optional.of("%d of %d uplinks are bad at once".formatted(bad, uplinks.size()))
        : Optional.empty();
  }

  /// What a storm called bad stays so for its hold-down, though everybody answers again: no bond
  /// may leave it for that. What turned bad long before it, and what is bad still, does not prolong
  /// it.
  private static Optional<CurrentStorm> aftermath(
      CurrentStorm storm, Collection<PfUplink> uplinks, Duration now, UplinkSettings settings) {
    Duration first = storm.began().minus(settings.storm().window());
    long held =
        uplinks.stream()
            .filter(uplink -> uplink.since().compareTo(first) > 0)
            .filter(uplink -> uplink.isHeldDown(now.minus(storm.shown()), settings))
            .count();
    return held > 0
        ? Optional.of(
            new CurrentStorm(
                "%d of %d uplinks are held down since many looked bad at once"
                    .formatted(held, uplinks.size()),
                storm.began(),
                storm.shown()))
        : Optional.empty();
  }

  private static boolean isTooMany(long some, int all, UplinkSettings settings) {
    return some >= LEAST_OF_A_STORM && some * PERCENT > (long) settings.storm().percent() * all;
  }

  /// Where no probe in a VLAN has an answer through any PF that is plugged in, the targets are
  /// gone, or this node cannot ask.
  private static Optional<String> silence(Collection<PfUplink> plugged, UplinkSettings settings) {
    return plugged.stream()
        .flatMap(uplink -> uplink.tracks().keySet().stream())
        .filter(key -> key.signal() == Signal.PROBE)
        .distinct()
        .sorted()
        .flatMap(probe -> silence(probe, plugged, settings).stream())
        .findFirst();
  }

  /// Only those count through which hosts could have been reached: where nobody can be asked, or
  /// there is no cable, silence says nothing of them.
  private static Optional<String> silence(
      SignalKey probe, Collection<PfUplink> plugged, UplinkSettings settings) {
    List<PfUplink> asked = plugged.stream().filter(uplink -> uplink.isKnownNow(probe)).toList();
    boolean allFail =
        asked.size() >= LEAST_OF_A_STORM
            && asked.stream().allMatch(uplink -> uplink.isBadNow(probe))
            && asked.stream().anyMatch(uplink -> uplink.isDown(probe, settings));
    return allFail
        ? Optional.of(
            "no %s through any of %d uplinks is answered, though none is known to have no carrier"
                .formatted(probe, asked.size()))
        : Optional.empty();
  }
}
