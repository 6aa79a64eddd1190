package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.uplink.SomeSpeakers;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.lldp.Heard;
import dev.podbond.bonding.lldp.Lldpdu;
import dev.podbond.bonding.lldp.Neighbour;
import dev.podbond.bonding.lldp.Neighbours;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.LinkMonitoring;
import dev.podbond.bonding.uplink.HostMaster;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.metrics.BondReading;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What metrics show is read anew when it has changed, and only then.
final class BondReadingsTest {
  private static final Path NETNS = Path.of("/run/netns/pod");
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  private final Map<Path, WatchedPod> pods = new ConcurrentHashMap<>();
  private static final PciAddress PF = new PciAddress(0, 0x3b, 0, 0);
  private static final PciAddress VF = new PciAddress(0, 0x3b, 2, 0);
  private final Map<PciAddress, PfPort> ports = new HashMap<>();
  private final Map<PciAddress, Boolean> carriers = new HashMap<>();
  private final AtomicInteger replugged = new AtomicInteger();
  private final AtomicInteger otherCarriers = new AtomicInteger();
  private final BondReadings readings =
      new BondReadings(
          pods,
          pf -> Optional.ofNullable(carriers.get(pf)),
          _ -> ports,
          replugged::incrementAndGet,
          otherCarriers::incrementAndGet);

  private static WatchedPod pod(boolean carrier) {
    WatchedRecord record =
        new WatchedRecord(
            new AttachmentKey("c1", "net1"),
            "storage",
            NETNS.toString(),
            NetnsId.UNKNOWN,
            Phase.COMPLETE,
            "demo/web",
            Optional.empty(),
            Optional.of("bond0"),
            List.of(
                new ConfiguredMember(
                    "net1",
                    Optional.of(VF),
                    Optional.of(new ConfiguredMember.Pf("ens1f0", Optional.of(PF))),
                    Optional.empty(),
                    Optional.of(PfPlace.at(PF)))),
            "bond0",
            List.of(),
            Set.of());
    BondState state =
        new BondState(
            "bond0",
            BondMode.ACTIVE_BACKUP,
            LinkMonitoring.MIIMON,
            Optional.empty(),
            carrier,
            List.of(),
            Optional.empty(),
            List.of());
    return new WatchedPod(List.of(record), Map.of("bond0", state))
        .remembering(WatchedPod.of(List.of(record)), START, _ -> Optional.empty());
  }

  @Test
  void itIsOneAndTheSameListUntilABondChanges() {
    pods.put(NETNS, pod(true));
    List<BondReading> before = readings.bonds();
    // A further look, which found nothing new.
    pods.put(NETNS, pod(true));
    assertThat(readings.bonds()).hasSize(1).isSameAs(before);

    pods.put(NETNS, pod(false));
    assertThat(readings.bonds())
        .singleElement()
        .satisfies(bond -> assertThat(bond.state().carrier()).isFalse());

    pods.remove(NETNS);
    assertThat(readings.bonds()).isEmpty();
    pods.put(NETNS, pod(true));
    assertThat(readings.bonds()).isEqualTo(before);
  }

  private static PfPort lacp(String partner) {
    return new PfPort.Seen(
        true,
        true,
        new HostMaster.Lacp("up0", Optional.empty(), Optional.empty(), MacAddress.parse(partner)));
  }

  private Optional<MacAddress> known() {
    List<BondReading> bonds = readings.bonds();
    assertThat(readings.pfs(bonds, Neighbours.NONE)).hasSize(1);
    return readings.bonds().getFirst().configured().getFirst().place().stream()
        .flatMap(place -> place.cabling().lacpSystem().stream())
        .findFirst();
  }

  @Test
  void whatAPfIsPluggedIntoIsKnownUntilItIsPluggedIntoSomethingElse() {
    pods.put(NETNS, pod(true));
    assertThat(known()).as("no port was read").isEmpty();
    ports.put(PF, lacp("00:1c:73:00:00:01"));
    assertThat(known()).map(MacAddress::toString).contains("00:1c:73:00:00:01");
    assertThat(replugged).hasValue(1);
    assertThat(readings.bonds()).as("nothing has changed").isSameAs(readings.bonds());

    ports.put(PF, lacp("00:00:00:00:00:00"));
    assertThat(known()).map(MacAddress::toString).contains("00:1c:73:00:00:01");
    ports.put(PF, new PfPort.Unseen("nobody can look"));
    assertThat(known()).map(MacAddress::toString).contains("00:1c:73:00:00:01");
    assertThat(replugged).hasValue(1);

    ports.put(PF, lacp("00:1c:73:00:00:02"));
    assertThat(known()).map(MacAddress::toString).contains("00:1c:73:00:00:02");
    ports.put(PF, new PfPort.Seen(true, true, new HostMaster.None()));
    assertThat(known()).isEmpty();
    assertThat(replugged).hasValue(3);
  }

  private static Neighbours after(Neighbours before, int seconds, String... said) {
    List<Lldpdu> heard = Stream.of(said).map(name -> SomeSpeakers.lldpdu(name, 120)).toList();
    return before.next(
        Set.of(PF), Set.of(), Map.of(PF, new Heard(heard, false)), Duration.ofSeconds(seconds));
  }

  private Optional<String> chassis(Neighbours neighbours) {
    assertThat(readings.pfs(readings.bonds(), neighbours)).hasSize(1);
    return readings.bonds().getFirst().configured().getFirst().place().stream()
        .flatMap(place -> place.cabling().chassis().stream())
        .findFirst();
  }

  @Test
  void theDeviceThatLldpTellsOfIsKnownUntilItIsInDoubtOrNobodyListens() {
    pods.put(NETNS, pod(true));
    ports.put(PF, lacp("00:1c:73:00:00:01"));
    Neighbours heard = after(Neighbours.NONE, 0, "leaf-1");
    assertThat(chassis(heard)).contains("7-6c6561662d31");
    assertThat(readings.pfs(readings.bonds(), heard).getFirst().neighbour())
        .map(Neighbour::toString)
        .contains("leaf-1, port 1");
    assertThat(replugged).hasValue(1);
    ports.put(PF, new PfPort.Unseen("nobody can look"));
    assertThat(chassis(heard)).contains("7-6c6561662d31");
    Neighbours silent = after(heard, 1_000);
    assertThat(silent.told()).isEmpty();
    assertThat(chassis(silent)).contains("7-6c6561662d31");
    assertThat(replugged).hasValue(1);
    assertThat(chassis(after(heard, 1, "forged"))).isEmpty();
    assertThat(chassis(silent)).isEmpty();
    assertThat(replugged).hasValue(2);
    assertThat(chassis(heard)).isPresent();
    assertThat(chassis(Neighbours.NONE)).isEmpty();
    assertThat(known()).as("LACP is another matter").isPresent();
  }

  /// Who asked may have had no time to wait for the reading.
  @Test
  void aCarrierThatIsReadAnewAndIsAnotherIsNews() {
    pods.put(NETNS, pod(true));
    readings.pfs(readings.bonds(), Neighbours.NONE);
    assertThat(otherCarriers).as("nothing is known").hasValue(0);
    for (boolean carrier : List.of(true, true, false)) {
      carriers.put(PF, carrier);
      assertThat(readings.pfs(readings.bonds(), Neighbours.NONE))
          .singleElement()
          .satisfies(pf -> assertThat(pf.carrier()).contains(carrier));
    }
    assertThat(otherCarriers).hasValue(2);
    carriers.clear();
    readings.pfs(readings.bonds(), Neighbours.NONE);
    assertThat(otherCarriers).as("it is not known any more").hasValue(3);
  }

  /// The news between may have been lost, or have come while nobody used the PF.
  @Test
  void newsOfACarrierIsHeldAgainstWhatWasReadAsWell() {
    pods.put(NETNS, pod(true));
    Object _ = readings.basis();
    carriers.put(PF, true);
    readings.pfs(readings.bonds(), Neighbours.NONE);
    assertThat(readings.told(PF, true)).isTrue();
    carriers.put(PF, false);
    readings.missed();
    readings.pfs(readings.bonds(), Neighbours.NONE);
    assertThat(readings.told(PF, true)).isTrue();
    carriers.put(PF, true);
    readings.pfs(readings.bonds(), Neighbours.NONE);
    assertThat(readings.told(PF, true)).as("known").isFalse();
  }

  @Test
  void aReadingOfPfsIsOutOfDateOnceTheKernelHasToldOfACarrierOrThereAreOtherPfs() {
    Object none = readings.basis();
    assertThat(readings.told(PF, true)).as("nobody has a bond on it").isFalse();
    pods.put(NETNS, pod(true));
    Object first = readings.basis();
    assertThat(first).isNotEqualTo(none).isEqualTo(readings.basis());

    assertThat(readings.told(VF, false)).as("no PF").isFalse();
    assertThat(readings.told(PF, true)).isTrue();
    Object second = readings.basis();
    assertThat(second).isNotEqualTo(first);
    assertThat(readings.told(PF, true)).as("of something else").isFalse();
    pods.put(NETNS, pod(false));
    assertThat(readings.basis()).as("only the bond has changed").isEqualTo(second);

    assertThat(readings.told(PF, false)).isTrue();
    assertThat(readings.basis()).isNotEqualTo(second);
    Object third = readings.basis();
    readings.missed();
    assertThat(readings.basis()).isNotEqualTo(third);
  }
}
