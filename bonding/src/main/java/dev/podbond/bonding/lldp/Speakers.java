package dev.podbond.bonding.lldp;

import dev.podbond.bonding.lldp.Neighbour.Device;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Who speaks LLDP on one PF, over time. Times are those of a clock that never goes back.
///
/// A device is believed only if nobody else has spoken whose time has not run out. That is what it
/// says, within limits: whoever forges frames could otherwise have what is told change with each
/// look, or keep everybody in doubt for eighteen hours. A leave ends no time, since one that is
/// forged would make room for a forged device.
///
/// @param words the last word of each device whose time has not run out
/// @param doubt why nobody can be told; empty if there is no reason
/// @param expected who was there when the cable lost its link, until somebody speaks again
public record Speakers(
    Map<Device, Word> words, Optional<Doubt> doubt, Optional<Expected> expected) {
  /// The last word of a device.
  ///
  /// @param until when its time runs out
  public record Word(Duration until) {}

  /// Why nobody can be told.
  ///
  /// @param until so long at least, so that whoever forges frames cannot have it come and go
  public record Doubt(String why, Duration until) {}

  /// A device that was there.
  ///
  /// @param until so long it is taken to be there still
  public record Expected(Device device, Duration until) {}

  /// Nobody has spoken yet.
  static final Speakers NONE = new Speakers(Map.of(), Optional.empty(), Optional.empty());

  /// So long a word holds and a doubt lasts at least, and so long a device has to speak again after
  /// the link has come back. It is for how long most devices say that their word holds.
  static final Duration USUAL = Duration.ofMinutes(2);

  /// So long a word holds at most.
  static final Duration LONGEST = Duration.ofMinutes(10);

  static final String SEVERAL = "several devices speak LLDP here";
  static final String TOO_MUCH = "more LLDP comes in here than is read";

  /// Of so many devices it is remembered what they have said. Two are enough for a doubt.
  static final int MOST_DEVICES = 4;

  /// Copies the map.
  public Speakers {
    words = Map.copyOf(words);
  }

  /// After one more look.
  ///
  /// @param heard since the last one
  /// @param unplugged whether the PF has no carrier. Nobody speaks there then; who did is still at
  ///   the other end of the cable, as far as anybody knows
  Speakers next(Heard heard, boolean unplugged, Duration now) {
    return unplugged
        ? new Speakers(
            Map.of(), Optional.empty(), device().map(one -> new Expected(one, now.plus(USUAL))))
        : after(heard, now);
  }

  private Speakers after(Heard heard, Duration now) {
    Map<Device, Word> next = new LinkedHashMap<>(words);
    next.values().removeIf(word -> isOver(word.until(), now));
    Duration least = now.plus(USUAL);
    for (Lldpdu said : heard.said()) {
      if (said.ttlSeconds() == 0) {
        continue;
      }
      Duration until = now.plus(held(said));
      if (next.size() < MOST_DEVICES || next.containsKey(Device.of(said))) {
        next.put(Device.of(said), new Word(until));
      } else {
        least = longer(least, until);
      }
    }
    return new Speakers(
        next,
        doubt(next.size() > 1, heard.isMore(), least, now),
        heard.said().isEmpty()
            ? expected.filter(one -> !isOver(one.until(), now))
            : Optional.empty());
  }

  private static Duration held(Lldpdu said) {
    Duration asked = longer(USUAL, Duration.ofSeconds(said.ttlSeconds()));
    return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
  }

  private Optional<Doubt> doubt(boolean several, boolean more, Duration least, Duration now) {
    Optional<Doubt> last = doubt.filter(one -> !isOver(one.until(), now));
    return several || more
        ? Optional.of(
            last.map(one -> new Doubt(one.why(), longer(one.until(), least)))
                .orElse(new Doubt(several ? SEVERAL : TOO_MUCH, least)))
        : last;
  }

  private static boolean isOver(Duration until, Duration now) {
    return until.compareTo(now) <= 0;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /// Who is there, as far as can be told.
  Optional<Neighbour> neighbour() {
    return doubt.<Neighbour>map(one -> new Neighbour.Unclear(one.why())).or(this::device);
  }

  private Optional<Device> device() {
    if (doubt.isPresent()) {
      return Optional.empty();
    }
    return words.keySet().stream().findFirst().or(() -> expected.map(Expected::device));
  }
}
