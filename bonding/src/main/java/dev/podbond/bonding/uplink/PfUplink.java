package dev.podbond.bonding.uplink;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The uplink of one PF over time. Times are those of a clock that never goes back.
///
/// @param tracks what each signal has said
/// @param verdict what follows from all of them
/// @param since when the verdict became good, bad or unknown
/// @param holdDown how long it is bad at least; doubled each time that it soon turns bad again
/// @param recovered when it last ceased to be bad
public record PfUplink(
    Map<SignalKey, SignalTrack> tracks,
    Reading verdict,
    Duration since,
    Duration holdDown,
    Optional<Duration> recovered) {
  /// An uplink that turns bad within so many hold-downs has not recovered in between.
  private static final int STEADY_HOLD_DOWNS = 10;

  /// Copies the map.
  public PfUplink {
    tracks = Map.copyOf(tracks);
  }

  /// One of which nothing was read yet.
  static PfUplink begin(Duration now, UplinkSettings settings) {
    return new PfUplink(
        Map.of(), SignalTrack.NONE.last(), now, settings.holdDown(), Optional.empty());
  }

  /// After one more reading of each signal. A signal that was not read does not count any more.
  ///
  /// @param waiting signals of which there is nothing new: what they said last stands
  PfUplink next(
      Map<SignalKey, Reading> readings,
      Set<SignalKey> waiting,
      Duration now,
      UplinkSettings settings) {
    Map<SignalKey, SignalTrack> next = new TreeMap<>();
    waiting.forEach(key -> next.put(key, track(key)));
    readings.forEach((key, reading) -> next.put(key, track(key).next(reading)));
    PfUplink read = new PfUplink(next, verdict, since, holdDown, recovered);
    String down = reasons(next, track -> track.isDown(settings.downAfter()));
    if (verdict.isBad()) {
      return read.whileBad(down, now, settings);
    }
    return down.isEmpty() ? read.told(read.usable(), now) : read.turnedBad(down, now, settings);
  }

  private SignalTrack track(SignalKey key) {
    return tracks.getOrDefault(key, SignalTrack.NONE);
  }

  private PfUplink turnedBad(String why, Duration now, UplinkSettings settings) {
    boolean soon =
        recovered
            .filter(at -> now.minus(at).compareTo(holdDown.multipliedBy(STEADY_HOLD_DOWNS)) < 0)
            .isPresent();
    Duration longer = holdDown.multipliedBy(2);
    Duration hold =
        !soon
            ? settings.holdDown()
            : longer.compareTo(settings.longestHoldDown()) < 0
                ? longer
                : settings.longestHoldDown();
    return new PfUplink(tracks, new Reading.Bad(why), now, hold, recovered);
  }

  private PfUplink whileBad(String down, Duration now, UplinkSettings settings) {
    boolean isCalm = tracks.values().stream().allMatch(track -> track.calm() >= settings.upAfter());
    if (isCalm && down.isEmpty() && now.minus(since).compareTo(holdDown(settings)) >= 0) {
      return new PfUplink(tracks, usable(), now, holdDown, Optional.of(now));
    }
    // What keeps it bad may be another signal by now.
    return down.isEmpty()
        ? this
        : new PfUplink(tracks, new Reading.Bad(down), since, holdDown, recovered);
  }

  /// Settings may have become shorter meanwhile.
  private Duration holdDown(UplinkSettings settings) {
    return holdDown.compareTo(settings.longestHoldDown()) < 0
        ? holdDown
        : settings.longestHoldDown();
  }

  private PfUplink told(Reading now, Duration at) {
    return new PfUplink(
        tracks, now, now.getClass().equals(verdict.getClass()) ? since : at, holdDown, recovered);
  }

  /// The verdict on an uplink that is not bad. One bad reading does not end a good one. A carrier
  /// says nothing of what is behind the cable, unless nobody asks for more.
  private Reading usable() {
    boolean carrierAlone = tracks.keySet().stream().allMatch(PfUplink::isCarrier);
    if (tracks.entrySet().stream()
            .filter(entry -> carrierAlone || !isCarrier(entry.getKey()))
            .anyMatch(entry -> entry.getValue().last().isGood())
        || (verdict.isGood() && tracks.values().stream().anyMatch(track -> track.last().isBad()))) {
      return Reading.good();
    }
    String reasons = reasons(tracks, track -> !track.last().isGood());
    return reasons.isEmpty()
        ? new Reading.Unknown("no signal tells of it")
        : new Reading.Unknown(reasons);
  }

  private static boolean isCarrier(SignalKey key) {
    return key.signal() == Signal.CARRIER;
  }

  private static String reasons(Map<SignalKey, SignalTrack> tracks, Predicate<SignalTrack> which) {
    return new TreeMap<>(tracks)
        .entrySet().stream()
            .filter(entry -> which.test(entry.getValue()))
            .map(entry -> entry.getKey() + ": " + why(entry.getValue().last()))
            .collect(Collectors.joining("; "));
  }

  private static String why(Reading reading) {
    return switch (reading) {
      // As of one that flaps: the latest reading may be a good one.
      case Reading.Good() -> "it comes and goes";
      case Reading.Bad(String why) -> why;
      case Reading.Unknown(String why) -> why;
    };
  }

  /// Whether this signal was bad when it was last read.
  boolean isBadNow(SignalKey key) {
    return track(key).last().isBad();
  }

  /// Whether this signal told anything when it was last read.
  boolean isKnownNow(SignalKey key) {
    return isBadNow(key) || track(key).last().isGood();
  }

  /// Whether this signal alone makes it bad.
  boolean isDown(SignalKey key, UplinkSettings settings) {
    return track(key).isDown(settings.downAfter());
  }

  /// Whether it is bad only because it was. For its hold-down a reading that is bad changes nothing
  /// about that, unless it is the last of so many that they would make it bad; later it does, since
  /// an uplink that has a bad one now and then is held down without end.
  ///
  /// @param calm for how long nothing has been wrong with the node as a whole
  boolean isHeldDown(Duration calm, UplinkSettings settings) {
    boolean isSoon = calm.compareTo(holdDown(settings)) < 0;
    return verdict.isBad()
        && tracks.values().stream()
            .filter(track -> track.last().isBad())
            .noneMatch(track -> !isSoon || track.isDown(settings.downAfter()));
  }

  /// How this uplink changed since an earlier look, for the log; empty if it did not.
  public Optional<String> changeSince(PfUplink before) {
    return before.verdict.getClass().equals(verdict.getClass())
        ? Optional.empty()
        : Optional.of(
            before.verdict.isGood() || before.verdict.isBad()
                ? verdict + ", after it was " + (before.verdict.isGood() ? "good" : "bad")
                : verdict.toString());
  }
}
