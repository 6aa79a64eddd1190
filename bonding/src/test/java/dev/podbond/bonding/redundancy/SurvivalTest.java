package dev.podbond.bonding.redundancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a bond survives, by the places of its members' ports.
final class SurvivalTest {
  private static final int RUNS = 300;

  private static PciAddress pci(String text) {
    return PciAddress.parse(text).orElseThrow();
  }

  private static PfPlace place(
      String pci, String serialNumber, String switchId, String portId, String rootPort) {
    return new PfPlace(
        pci(pci),
        given(serialNumber),
        given(switchId),
        given(portId),
        given(rootPort).map(SurvivalTest::pci));
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(some -> !some.isEmpty());
  }

  private static Survival of(PfPlace... members) {
    return Survival.of(Stream.of(members).map(Optional::of).toList());
  }

  private static Survival at(String... pfs) {
    return Survival.of(Stream.of(pfs).map(pf -> Optional.of(PfPlace.at(pci(pf)))).toList());
  }

  @Test
  void twoVfsOfOnePfSurviveNothing() {
    Survival one = at("0000:3b:00.0", "0000:3b:00.0");
    assertThat(one).hasToString("nothing");
    for (Failure failure : Failure.values()) {
      assertThat(one.answer(failure))
          .isEqualTo(new Answer.No(HowKnown.PCI_ADDRESS, false, "0000:3b:00.0"));
    }
  }

  @Test
  void twoPortsOfOneCardSurviveCableAndPortAndNotTheCard() {
    Survival two = at("0000:3b:00.0", "0000:3b:00.1");
    assertThat(two).hasToString("cable,port");
    assertThat(two.answer(Failure.CARD))
        .isEqualTo(new Answer.No(HowKnown.PCI_ADDRESS, false, "0000:3b:00"))
        .hasToString("no, by the PCI address 0000:3b:00");
    assertThat(two.answer(Failure.SWITCH)).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void twoSlotsAreProbablyTwoCards() {
    Survival two = at("0000:3b:00.0", "0000:5e:00.0");
    assertThat(two).hasToString("cable,port,card?");
    assertThat(two.answer(Failure.CARD)).hasToString("probably, by the PCI address");
    assertThat(at("0000:3b:00.0", "0001:3b:00.0"))
        .as("two domains")
        .hasToString("cable,port,card?");
  }

  @Test
  void twoSerialNumbersAreTwoCards() {
    Survival two =
        of(
            place("0000:3b:00.0", "b4-96-91-ff-ff-12-34-56", "", "", "0000:3a:00.0"),
            place("0000:5e:00.0", "b4-96-91-ff-ff-ab-cd-ef", "", "", "0000:5d:00.0"));
    assertThat(two).hasToString("cable,port,card");
    assertThat(two.answer(Failure.CARD)).isEqualTo(new Answer.Yes(HowKnown.SERIAL_NUMBER, false));
  }

  /// As of a card that is in two slots, one for each processor.
  @Test
  void oneSerialNumberInTwoSlotsIsOneCardThatMayHaveOnePort() {
    Survival one =
        of(
            place("0000:3b:00.0", "b4-96-91-ff-ff-12-34-56", "", "", "0000:3a:00.0"),
            place("0000:5e:00.0", "b4-96-91-ff-ff-12-34-56", "", "", "0000:5d:00.0"));
    assertThat(one).hasToString("nothing");
    assertThat(one.answer(Failure.PORT)).isInstanceOf(Answer.Unknown.class);
    assertThat(one.answer(Failure.CARD))
        .isEqualTo(new Answer.No(HowKnown.SERIAL_NUMBER, false, "b4-96-91-ff-ff-12-34-56"));
  }

  @Test
  void aNumberOfNothingButZerosAndOnesIsNoIdentity() {
    for (String none :
        List.of("00-00-00-00-00-00-00-00", "ff-ff-ff-ff-ff-ff-ff-ff", "00-00-00-ff-ff-00-00-00")) {
      assertThat(
              of(
                  place("0000:3b:00.0", none, none, none, ""),
                  place("0000:5e:00.0", none, none, none, "")))
          .as(none)
          .hasToString("cable,port,card?");
    }
  }

  @Test
  void thePartsOfAPartitionedPortFailTogether() {
    Survival parts =
        of(
            place("0000:3b:00.0", "", "", "3cfdfe123456", ""),
            place("0000:3b:00.2", "", "", "3cfdfe123456", ""));
    assertThat(parts).hasToString("nothing");
    assertThat(parts.answer(Failure.CABLE))
        .isEqualTo(new Answer.No(HowKnown.PORT_ID, false, "3cfdfe123456"));
  }

  @Test
  void oneSwitchInsideIsOneCard() {
    Survival one =
        of(
            place("0000:3b:00.0", "", "56fb150003a1420c", "", ""),
            place("0000:3b:01.0", "", "56fb150003a1420c", "", ""));
    assertThat(one.answer(Failure.CARD))
        .isEqualTo(new Answer.No(HowKnown.SWITCH_ID, false, "56fb150003a1420c"));
  }

  @Test
  void whatIsBehindOneRootPortIsProbablyOneCardAndUnclearWithTwoSerialNumbers() {
    assertThat(
            of(
                    place("0000:3c:00.0", "", "", "", "0000:3a:00.0"),
                    place("0000:3d:00.0", "", "", "", "0000:3a:00.0"))
                .answer(Failure.CARD))
        .isEqualTo(new Answer.No(HowKnown.ROOT_PORT, true, "0000:3a:00.0"))
        .hasToString("probably not, by the PCI root port 0000:3a:00.0");
    assertThat(
            of(
                    place("0000:3c:00.0", "11-22", "", "", "0000:3a:00.0"),
                    place("0000:3d:00.0", "11-33", "", "", "0000:3a:00.0"))
                .answer(Failure.CARD))
        .isInstanceOf(Answer.Unknown.class);
  }

  private static PfPlace plugged(String pci, String hostBond, String system, String chassis) {
    return PfPlace.at(pci(pci))
        .plugged(
            new Cabling(
                given(hostBond),
                given(system).map(text -> MacAddress.parse(text).orElseThrow()),
                given(chassis)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          up0 | 00:1c:73:00:00:01 |      | up1 | 00:1c:73:00:00:02 |      | probably, by the LACP partner
          up0 | 00:1c:73:00:00:01 |      | up1 | 00:1c:73:00:00:01 |      | probably not, by the LACP partner 00:1c:73:00:00:01
          up0 | 00:1c:73:00:00:01 |      | up0 | 00:1c:73:00:00:01 |      | unknown: whether the LACP partner of both ports, 00:1c:73:00:00:01, is one switch or several
          up0 | 00:1c:73:00:00:01 |      | up1 |                   |      | unknown: which switch each of its ports is plugged into
          up0 | 00:00:00:00:00:00 |      | up1 | 00:00:00:00:00:00 |      | unknown: which switch each of its ports is plugged into
          up0 |                   |      | up1 |                   |      | unknown: which switch each of its ports is plugged into
          up0 | 00:1c:73:00:00:01 | 4:a1 | up1 | 00:1c:73:00:00:01 | 4:a2 | yes, by the LLDP chassis
          up0 | 00:1c:73:00:00:01 | 4:a1 | up1 | 00:1c:73:00:00:02 | 4:a1 | probably not, by the LLDP chassis 4:a1
          up0 |                   | 4:a1 | up1 |                   |      | unknown: which switch each of its ports is plugged into
          """)
  void theSwitchIsKnownByWhatNeighboursCallThemselves(
      String bond0,
      String system0,
      String chassis0,
      String bond1,
      String system1,
      String chassis1,
      String expected) {
    PfPlace one = plugged("0000:3b:00.0", bond0, text(system0), text(chassis0));
    PfPlace other = plugged("0000:3b:00.1", bond1, text(system1), text(chassis1));
    assertThat(of(one, other).answer(Failure.SWITCH)).hasToString(expected);
    assertThat(of(other, one).answer(Failure.SWITCH)).hasToString(expected);
  }

  private static String text(String given) {
    return given == null ? "" : given;
  }

  @Test
  void aPortIsPluggedIntoOneSwitchWhateverItIsCalled() {
    PfPlace one = plugged("0000:3b:00.0", "up0", "00:1c:73:00:00:01", "");
    PfPlace same = plugged("0000:3b:00.0", "up1", "00:1c:73:00:00:02", "");
    assertThat(of(one, same).answer(Failure.SWITCH))
        .isEqualTo(new Answer.No(HowKnown.PCI_ADDRESS, false, "0000:3b:00.0"));
  }

  @Test
  void twoSwitchesBehindOneCardAreListedWithoutIt() {
    Survival two =
        of(
            plugged("0000:3b:00.0", "up0", "00:1c:73:00:00:01", ""),
            plugged("0000:3b:00.1", "up1", "00:1c:73:00:00:02", ""));
    assertThat(two).hasToString("cable,port,switch?");
    assertThat(two.largest()).isEqualTo("port,switch?");
    assertThat(at("0000:3b:00.0", "0000:5e:00.0").largest()).isEqualTo("card?");
    assertThat(at("0000:3b:00.0", "0000:3b:00.0").largest()).isEqualTo("nothing");
  }

  @Test
  void aNeighbourThatFallsSilentIsStillThereUnlessThePortHasMoved() {
    Cabling heard = plugged("0000:3b:00.0", "up0", "00:1c:73:00:00:01", "4:a1").cabling();
    Cabling silent = new Cabling(Optional.of("up0"), Optional.empty(), Optional.empty());
    Cabling moved = new Cabling(Optional.of("up1"), Optional.empty(), Optional.empty());
    Cabling other = plugged("0000:3b:00.0", "up0", "00:1c:73:00:00:02", "").cabling();
    assertThat(silent.after(heard)).isEqualTo(heard);
    assertThat(moved.after(heard)).isEqualTo(moved);
    assertThat(other.after(heard).lacpSystem()).isEqualTo(other.lacpSystem());
  }

  @Test
  void portsThatTheNicJoinsAreOneVfLag() {
    List<Optional<PfPlace>> joined =
        List.of(
            Optional.of(inSwitchdev("0000:3b:00.0", "56fb", "bond0")),
            Optional.of(inSwitchdev("0000:3b:00.1", "56fb", "bond0")));
    assertThat(Survival.vfLag(joined)).contains("bond0");
    for (PfPlace other :
        List.of(
            inSwitchdev("0000:3b:00.0", "56fb", "bond0"),
            inSwitchdev("0000:3b:00.1", "56fb", "bond1"),
            inSwitchdev("0000:3b:00.1", "56fb", ""),
            inSwitchdev("0000:5e:00.1", "77aa", "bond0"),
            inSwitchdev("0000:3b:00.1", "", "bond0"))) {
      assertThat(Survival.vfLag(List.of(joined.getFirst(), Optional.of(other))))
          .as("%s", other)
          .isEmpty();
    }
    assertThat(Survival.vfLag(List.of(joined.getFirst(), Optional.empty()))).isEmpty();
    assertThat(Survival.vfLag(List.of())).isEmpty();
    List<Optional<PfPlace>> three = new ArrayList<>(joined);
    three.add(Optional.of(inSwitchdev("0000:5e:00.0", "77aa", "")));
    assertThat(Survival.vfLag(three)).as("a third one beside it").isEmpty();
  }

  private static PfPlace inSwitchdev(String pci, String switchId, String hostBond) {
    return place(pci, "", switchId, "", "")
        .plugged(new Cabling(given(hostBond), Optional.empty(), Optional.empty()));
  }

  @Test
  void oneMemberSurvivesNothingAndOfNoneNothingIsKnown() {
    assertThat(Survival.of(List.of(Optional.empty()))).hasToString("nothing");
    assertThat(Survival.of(List.of())).isEqualTo(Survival.UNKNOWN).hasToString("unknown");
  }

  @Test
  void aMemberOfUnknownHardwareAddsNothingThatIsKnown() {
    Optional<PfPlace> first = Optional.of(PfPlace.at(pci("0000:3b:00.0")));
    Optional<PfPlace> second = Optional.of(PfPlace.at(pci("0000:3b:00.1")));
    assertThat(Survival.of(List.of(first, Optional.empty())))
        .isEqualTo(Survival.of(List.of(Optional.empty(), first)))
        .hasToString("unknown");
    Survival three = Survival.of(List.of(first, second, Optional.empty()));
    assertThat(three).hasToString("cable,port");
    assertThat(three.answer(Failure.CARD)).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void aBondThatDoesNotLookSurvivesNothing() {
    assertThat(Survival.unmonitored()).hasToString("nothing");
    assertThat(Survival.unmonitored().answer(Failure.CABLE))
        .hasToString("no, by the lack of link monitoring");
  }

  @Test
  void jsonSaysWhatIsKnownAndIsReadAgain() {
    Survival two = at("0000:3b:00.0", "0000:3b:00.1");
    JsonArray json = two.toJson().orElseThrow();
    assertThat(json)
        .hasToString(
            "[{\"failure\":\"cable\",\"answer\":\"Yes\",\"how\":\"PCIAddress\"},"
                + "{\"failure\":\"port\",\"answer\":\"Yes\",\"how\":\"PCIAddress\"},"
                + "{\"failure\":\"card\",\"answer\":\"No\",\"how\":\"PCIAddress\","
                + "\"shared\":\"0000:3b:00\"}]");
    assertThat(again(json)).hasToString("cable,port");
    assertThat(Survival.UNKNOWN.toJson()).isEmpty();
  }

  @Test
  void whatOthersWroteIsNotBelievedToBeText() throws Exception {
    JsonObject said =
        Json.parseObject(
            "{\"failure\":\"card\",\"answer\":\"No\",\"how\":\"RootPort\",\"shared\":\"\\u001b[2J\"}");
    assertThat(Survival.ofJson(List.of(said)).answer(Failure.CARD))
        .isEqualTo(new Answer.No(HowKnown.ROOT_PORT, false, ""));
    for (String odd :
        List.of(
            "{}",
            "{\"failure\":\"card\",\"answer\":\"Yes\"}",
            "{\"failure\":\"card\",\"answer\":\"Perhaps\",\"how\":\"RootPort\"}",
            "{\"failure\":\"rack\",\"answer\":\"Yes\",\"how\":\"RootPort\"}")) {
      assertThat(Survival.ofJson(List.of(Json.parseObject(odd)))).as(odd).hasToString("unknown");
    }
  }

  private static Survival again(JsonArray json) {
    return Survival.ofJson(json.stream().map(JsonObject.class::cast).toList());
  }

  /// What must hold of any members on any machine.
  @Test
  void properties() {
    Long given = Long.getLong("podbond.seed");
    long start = given == null ? System.nanoTime() : given;
    for (int i = 0; i < (given == null ? RUNS : 1); i++) {
      long seed = start + i;
      Random random = new Random(seed);
      List<Optional<PfPlace>> members = members(random);
      Survival survival = Survival.of(members);

      List<Optional<PfPlace>> shuffled = new ArrayList<>(members);
      Collections.shuffle(shuffled, random);
      assertThat(Survival.of(shuffled).toString())
          .as("order, seed %d", seed)
          .isEqualTo(survival.toString());

      List<Optional<PfPlace>> more = new ArrayList<>(members);
      more.addAll(members(random));
      Survival larger = Survival.of(more);
      for (Failure failure : Failure.values()) {
        if (survival.answer(failure) instanceof Answer.Yes) {
          assertThat(larger.answer(failure))
              .as("one more member, %s, seed %d", failure, seed)
              .isInstanceOf(Answer.Yes.class);
        }
      }

      if (survival.answer(Failure.CABLE) instanceof Answer.No) {
        assertThat(survival.answer(Failure.CARD))
            .as("a card has its ports, seed %d", seed)
            .isInstanceOf(Answer.No.class);
      }
      if (members.stream().distinct().count() == 1 && members.getFirst().isPresent()) {
        assertThat(survival).as("one PF, seed %d", seed).hasToString("nothing");
      }
      assertThat(survival.toJson().map(SurvivalTest::again).orElse(Survival.UNKNOWN))
          .as("as JSON, seed %d", seed)
          .hasToString(survival.toString());
    }
  }

  /// Some machine: three root ports with two devices of two functions each.
  private static List<Optional<PfPlace>> members(Random random) {
    List<Optional<PfPlace>> members = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int port = random.nextInt(3);
      int device = random.nextInt(2);
      int function = random.nextInt(2);
      int known = new Random(port * 4 + device * 2 + function).nextInt(16);
      members.add(
          random.nextInt(6) == 0
              ? Optional.empty()
              : Optional.of(
                  place(
                          "0000:%02x:%02x.%d".formatted(0x10 + port, device, function),
                          (known & 1) == 0 ? "" : "a1-" + (port % 2) + device,
                          (known & 2) == 0 ? "" : "b" + port + device,
                          (known & 4) == 0 ? "" : "c" + port + device + function % 2,
                          (known & 8) == 0 ? "" : "0000:00:%02x.0".formatted(1 + port))
                      .plugged(cabling(new Random(port * 4 + device * 2 + function + 100)))));
    }
    return members;
  }

  private static Cabling cabling(Random random) {
    return new Cabling(
        given(random.nextBoolean() ? "" : "up" + random.nextInt(2)),
        random.nextBoolean() ? Optional.empty() : Optional.of(new MacAddress(random.nextInt(3))),
        given(random.nextInt(3) > 0 ? "" : "4:a" + random.nextInt(2)));
  }
}
