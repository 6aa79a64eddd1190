package dev.podbond.bonding.uplink;

import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The uplinks of a node's PFs over time.
///
/// @param pfs each PF's
/// @param storm why nothing is to be done about any of them, since too many look bad at once: then
///   the fault is likelier where it is measured. Empty if it is not so
public record NodeUplinks(Map<PciAddress, PfUplink> pfs, Optional<String> storm) {
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
    Map<PciAddress, PfUplink> next = new TreeMap<>();
    readings.forEach((pf, signals) ->
        next.put(
            pf,
            Optional.ofNullable(pfs.get(pf))
                .orElseGet(() -> PfUplink.begin(now, settings))
                .next(signals, now, settings)));
    return new NodeUplinks(next, storm(next.values(), now, settings));
  }

  private Optional<String> storm(
      Collection<PfUplink> uplinks, Duration now, UplinkSettings settings) {
    Optional<String> here = silence(uplinks, settings);
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
    return storm.isPresent() && isTooMany(bad, uplinks.size(), settings)
        ? Optional.of("%d of %d uplinks are bad at once".formatted(bad, uplinks.size()))
        : Optional.empty();
  }

  private static boolean isTooMany(long some, int all, UplinkSettings settings) {
    return some >= LEAST_OF_A_STORM && some * PERCENT > (long) settings.storm().percent() * all;
  }

  /// Where no probe of any PF has an answer though the cables are there, the targets are gone, or
  /// this node cannot ask.
  private static Optional<String> silence(Collection<PfUplink> uplinks, UplinkSettings settings) {
    List<PfUplink> probed =
        uplinks.stream()
            .filter(uplink -> uplink.tracks().keySet().stream().anyMatch(NodeUplinks::isProbe))
            .toList();
    boolean allFail =
        probed.size() >= LEAST_OF_A_STORM
            && probed.stream()
                .allMatch(uplink ->
                    !uplink.isBadNow(SignalKey.of(Signal.CARRIER))
                        && uplink.tracks().keySet().stream()
                            .filter(NodeUplinks::isProbe)
                            .allMatch(uplink::isBadNow))
            && probed.stream()
                .flatMap(uplink -> uplink.tracks().entrySet().stream())
                .anyMatch(entry ->
                    isProbe(entry.getKey()) && entry.getValue().isDown(settings.downAfter()));
    return allFail
        ? Optional.of(
            "no probe through any of %d uplinks is answered, though they have carriers"
                .formatted(probed.size()))
        : Optional.empty();
  }

  private static boolean isProbe(SignalKey key) {
    return key.signal() == Signal.PROBE;
  }
}
