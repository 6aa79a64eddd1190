package dev.podbond.bonding.lldp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.model.RandomWorlds;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.value.PciAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Who is at the other end of a cable, from what is heard in looks a second apart.
final class NeighboursTest {
  private static final PciAddress PF = new PciAddress(0, 1, 0, 0);
  private static final PciAddress OTHER = new PciAddress(0, 2, 0, 0);
  private static final int TTL = 120;
  private static final int USUAL = (int) Speakers.USUAL.toSeconds();
  private static final Lldpdu SWITCH = lldpdu("spine-1", TTL);
  private static final Lldpdu FORGED = lldpdu("forged", TTL);
  private static final Optional<Neighbour> THE_SWITCH = Optional.of(Neighbour.Device.of(SWITCH));
  private static final Optional<Neighbour> SEVERAL =
      Optional.of(new Neighbour.Unclear(Speakers.SEVERAL));
  private static final Optional<Neighbour> TOO_MUCH =
      Optional.of(new Neighbour.Unclear(Speakers.TOO_MUCH));

  private Neighbours known = Neighbours.NONE;
  private int seconds;

  private static StationId text(String said) {
    return StationId.of(StationId.Form.TEXT, 7, said.getBytes(StandardCharsets.UTF_8));
  }

  private static Lldpdu lldpdu(String chassis, int ttl) {
    return new Lldpdu(text(chassis), text("Ethernet1"), ttl, Optional.of(chassis));
  }

  private static Lldpdu with(Lldpdu said, int ttl) {
    return new Lldpdu(said.chassis(), said.port(), ttl, said.systemName());
  }

  /// As the standard has it: a leave says who leaves, and nothing else.
  private static Lldpdu leave(Lldpdu said) {
    return new Lldpdu(said.chassis(), said.port(), 0, Optional.empty());
  }

  private Optional<Neighbour> look(Heard heard, boolean unplugged) {
    seconds++;
    known =
        known.next(
            Set.of(PF),
            unplugged ? Set.of(PF) : Set.of(),
            Map.of(PF, heard),
            Duration.ofSeconds(seconds));
    return known.of(PF);
  }

  private Optional<Neighbour> hear(Lldpdu... said) {
    return look(new Heard(List.of(said), false), false);
  }

  private Optional<Neighbour> unplug() {
    return look(new Heard(List.of(), false), true);
  }

  private Optional<Neighbour> silence(int looks) {
    for (int i = 0; i < looks; i++) {
      Optional<Neighbour> _ = hear();
    }
    return known.of(PF);
  }

  @Test
  void aDeviceIsThereAsLongAsItSays() {
    assertThat(hear()).isEmpty();
    assertThat(hear(SWITCH)).isEqualTo(THE_SWITCH);
    assertThat(known.told()).containsOnlyKeys(PF);
    assertThat(silence(TTL - 1)).isEqualTo(THE_SWITCH);
    assertThat(silence(1)).isEmpty();
    assertThat(known.told()).isEmpty();
  }

  @Test
  void aWordHoldsForAUsefulTimeWhateverItSays() {
    int longest = (int) Speakers.LONGEST.toSeconds();
    hear(with(SWITCH, 1));
    assertThat(silence(USUAL - 1)).isEqualTo(THE_SWITCH);
    assertThat(silence(1)).isEmpty();
    hear(with(SWITCH, 65_535));
    assertThat(silence(longest - 1)).isEqualTo(THE_SWITCH);
    assertThat(silence(1)).isEmpty();
  }

  /// Anybody may have sent it.
  @Test
  void aLeaveEndsNothingBeforeItsTime() {
    hear(SWITCH);
    assertThat(hear(leave(SWITCH))).isEqualTo(THE_SWITCH);
    assertThat(hear(leave(FORGED))).isEqualTo(THE_SWITCH);
    assertThat(silence(TTL)).isEmpty();
    assertThat(hear(leave(SWITCH))).isEmpty();
  }

  @Test
  void ofSeveralNobodyIsBelievedForAWhile() {
    hear(SWITCH);
    assertThat(hear(with(FORGED, 1))).isEqualTo(SEVERAL);
    // Its word holds as long, and from its end on the doubt does.
    for (int i = 1; i < 2 * USUAL - 1; i++) {
      assertThat(hear(SWITCH)).isEqualTo(SEVERAL);
    }
    assertThat(hear(SWITCH)).isEqualTo(THE_SWITCH);
  }

  @Test
  void aDoubtKeepsItsFirstReason() {
    assertThat(look(new Heard(List.of(), true), false)).isEqualTo(TOO_MUCH);
    assertThat(hear(SWITCH, FORGED)).isEqualTo(TOO_MUCH);
  }

  /// What of a device's word another changes is as good as another device.
  @Test
  void oneThatSpeaksInTheNameOfAnotherIsAnother() {
    for (Lldpdu forged :
        List.of(
            new Lldpdu(SWITCH.chassis(), text("Ethernet2"), TTL, SWITCH.systemName()),
            new Lldpdu(SWITCH.chassis(), SWITCH.port(), TTL, Optional.of("spine-2")),
            new Lldpdu(text("spine-2"), SWITCH.port(), TTL, SWITCH.systemName()))) {
      known = Neighbours.NONE;
      hear(SWITCH);
      assertThat(hear(forged)).isEqualTo(SEVERAL);
    }
  }

  @Test
  void aForgedLeaveMakesNoRoomForAForgedDevice() {
    hear(SWITCH);
    assertThat(hear(leave(SWITCH), FORGED)).isEqualTo(SEVERAL);
  }

  @Test
  void whereMoreIsHeardThanIsReadAnybodyMayBeMissing() {
    hear(SWITCH);
    assertThat(look(new Heard(List.of(SWITCH), true), false)).isEqualTo(TOO_MUCH);
    assertThat(silence(USUAL - 1)).isEqualTo(TOO_MUCH);
    assertThat(hear(SWITCH)).isEqualTo(THE_SWITCH);
    assertThat(look(new Heard(List.of(FORGED), true), false)).isEqualTo(SEVERAL);
  }

  @Test
  void withoutALinkItIsTheOneThatWasThereUntilSomebodySpeaks() {
    hear(SWITCH);
    for (int i = 0; i < 3 * TTL; i++) {
      assertThat(unplug()).isEqualTo(THE_SWITCH);
    }
    assertThat(silence(USUAL - 1)).isEqualTo(THE_SWITCH);
    Neighbours back = known;
    assertThat(hear(FORGED)).as("plugged into another").contains(Neighbour.Device.of(FORGED));
    known = back;
    seconds--;
    assertThat(silence(1)).as("nobody speaks any more").isEmpty();
  }

  @Test
  void withoutALinkADoubtIsOver() {
    hear(SWITCH, FORGED);
    assertThat(unplug()).isEmpty();
    assertThat(hear(SWITCH)).isEqualTo(THE_SWITCH);
    known = Neighbours.NONE;
    assertThat(look(new Heard(List.of(SWITCH), false), true)).as("from before").isEmpty();
  }

  /// So that a switch which fails does not change what bonds were made to survive.
  @Test
  void whoFallsSilentIsStillAtTheOtherEndOfTheCable() {
    Optional<String> none = Optional.empty();
    Optional<String> id = Optional.of("7-7370696e652d31");
    assertThat(known.chassis(PF, id)).as("nobody listens").isEmpty();
    hear();
    assertThat(known.chassis(PF, none)).isEmpty();
    hear(SWITCH);
    assertThat(known.chassis(PF, none)).isEqualTo(id);
    assertThat(silence(TTL)).isEmpty();
    assertThat(known.chassis(PF, id)).isEqualTo(id);
    hear(SWITCH, leave(SWITCH));
    assertThat(known.chassis(PF, id)).isEqualTo(id);
    hear(FORGED);
    assertThat(known.chassis(PF, id)).as("in doubt").isEmpty();
    unplug();
    assertThat(known.chassis(PF, none)).isEmpty();
    hear(SWITCH);
    assertThat(known.chassis(PF, none)).isEqualTo(id);
  }

  @Test
  void eachPfHasItsOwnAndOneThatNobodyUsesIsForgotten() {
    known =
        Neighbours.NONE.next(
            Set.of(PF, OTHER),
            Set.of(),
            Map.of(PF, new Heard(List.of(SWITCH), false), OTHER, new Heard(List.of(FORGED), false)),
            Duration.ZERO);
    assertThat(known.of(PF)).isEqualTo(THE_SWITCH);
    assertThat(known.of(OTHER)).contains(Neighbour.Device.of(FORGED));
    known = known.next(Set.of(OTHER), Set.of(), Map.of(), Duration.ZERO);
    assertThat(known.of(PF)).isEmpty();
    assertThat(known.pfs()).containsOnlyKeys(OTHER);
  }

  @Test
  void itIsWrittenAndReadInWords() {
    Neighbour device = Neighbour.Device.of(SWITCH);
    assertThat(device).hasToString("spine-1 (spine-1), port Ethernet1");
    assertThat(new Neighbour.Device(SWITCH.chassis(), SWITCH.port(), Optional.empty()))
        .hasToString("spine-1, port Ethernet1");
    for (Neighbour each : List.of(device, SEVERAL.orElseThrow())) {
      assertThat(Neighbour.text(each.toJson())).contains(each.toString());
    }
    assertThat(SEVERAL.orElseThrow()).hasToString("unknown: several devices speak LLDP here");
    assertThat(Neighbour.text(JsonObject.of())).isEmpty();
    assertThat(Neighbour.text(JsonObject.of("chassis", new JsonString("a")))).isEmpty();
  }

  /// A device that speaks in time, of which frames are lost only where more came than was read, and
  /// whoever else sends whatever they like, leaves in its name and what floods included: nobody
  /// else is told in its place, and what is remembered is bounded.
  @Test
  void nobodyTakesThePlaceOfADeviceThatSpeaks() {
    for (long seed : RandomWorlds.seeds(300)) {
      Random random = new Random(seed);
      known = Neighbours.NONE;
      int interval = 1 + random.nextInt(30);
      int ttl = Math.min(TTL, interval * 4);
      int forgers = random.nextInt(100);
      hear(with(SWITCH, ttl));
      for (int i = 0; i < 400; i++) {
        boolean flood = random.nextInt(100) == 0;
        List<Lldpdu> said = new ArrayList<>();
        if (i % interval == 0 && !flood) {
          said.add(with(SWITCH, ttl));
        }
        while (random.nextInt(100) < forgers && said.size() < 10) {
          said.add(
              random.nextInt(4) == 0
                  ? leave(SWITCH)
                  : lldpdu(
                      "forged" + random.nextInt(8),
                      random.nextInt(random.nextBoolean() ? 5 : 9000)));
        }
        Collections.shuffle(said, random);
        Optional<Neighbour> told = look(new Heard(said, flood), false);
        assertThat(
                told.filter(Neighbour.Device.class::isInstance).isEmpty()
                    || told.equals(Optional.of(Neighbour.Device.of(SWITCH))))
            .as("seed %d, look %d: %s", seed, i, told)
            .isTrue();
        assertThat(known.pfs().get(PF).words()).hasSizeLessThanOrEqualTo(Speakers.MOST_DEVICES);
      }
    }
  }

  /// However it is forged, what is told changes seldom: whoever is told is told for a while, and so
  /// is a doubt.
  @Test
  void whatIsToldChangesSeldom() {
    for (long seed : RandomWorlds.seeds(100)) {
      Random random = new Random(seed);
      known = Neighbours.NONE;
      int devices = 1 + random.nextInt(3);
      int busy = 1 + random.nextInt(5);
      Optional<Neighbour> before = Optional.empty();
      Optional<Neighbour> device = Optional.empty();
      int changes = 0;
      int others = 0;
      for (int i = 0; i < 1_000; i++) {
        List<Lldpdu> said =
            random.nextInt(busy) == 0
                ? List.of(lldpdu("forged" + random.nextInt(devices), random.nextInt(3)))
                : List.of();
        Optional<Neighbour> told = look(new Heard(said, random.nextInt(300) == 0), false);
        changes += told.equals(before) ? 0 : 1;
        before = told;
        if (told.filter(Neighbour.Device.class::isInstance).isPresent() && !told.equals(device)) {
          others++;
          device = told;
        }
      }
      assertThat(others).as("seed %d", seed).isLessThanOrEqualTo(1_000 / USUAL + 1);
      // In each two minutes one may come, be doubted, and go.
      assertThat(changes).as("seed %d", seed).isLessThanOrEqualTo(3 * (1_000 / USUAL + 1));
    }
  }

  @Test
  void aDoubtLasts() {
    for (long seed : RandomWorlds.seeds(100)) {
      Random random = new Random(seed);
      known = Neighbours.NONE;
      Set<Integer> began = new HashSet<>();
      boolean before = false;
      int last = -USUAL;
      for (int i = 0; i < 1_000; i++) {
        List<Lldpdu> said =
            random.nextInt(3) == 0
                ? List.of(lldpdu("forged" + random.nextInt(3), 1 + random.nextInt(3)))
                : List.of();
        boolean doubted =
            look(new Heard(said, random.nextInt(50) == 0), false)
                .filter(Neighbour.Unclear.class::isInstance)
                .isPresent();
        if (doubted && !before) {
          assertThat(i - last).as("seed %d, look %d", seed, i).isGreaterThanOrEqualTo(USUAL);
          last = i;
          began.add(i);
        }
        before = doubted;
      }
      assertThat(began).as("seed %d", seed).isNotEmpty();
    }
  }
}
