package dev.podbond.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.uplink.Reading;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which of the host's joins make answers tell nothing of one port. `PfProbesKernelTest` has those
/// of a kernel's bonds.
final class HostJoinTest {
  private static final String ONE = "0000:01:00.0";
  private static final String OTHER = "0000:02:00.0";

  /// Of members with these devices; "" for one without.
  private static Optional<Reading> doubt(String kind, String... devices) {
    List<Optional<String>> members =
        Stream.of(devices).map(device -> Optional.of(device).filter(is -> !is.isEmpty())).toList();
    return new HostJoin(kind, "the-master", members).doubt();
  }

  @Test
  void aBondOfSeveralPortsIsOneWhateverTheyAre() {
    Reading shared =
        new Reading.Unknown(
            "it shares the-master of the host with other ports, so that answers may come by those");
    assertThat(doubt("bond", ONE)).isEmpty();
    assertThat(doubt("bond", ONE, OTHER)).contains(shared);
    assertThat(doubt("team", ONE, "")).contains(shared);
  }

  /// The kernel does not tell whether two of its ports are in one bond or in two bridges.
  @Test
  void severalNicsInOpenVswitchMayBeABondOfIt() {
    assertThat(doubt("openvswitch", ONE, OTHER))
        .contains(new Reading.Unknown("it may share a bond of Open vSwitch with other ports"));
    assertThat(doubt("openvswitch", ONE, "", "")).as("beside veths of pods").isEmpty();
    assertThat(doubt("openvswitch", ONE, ONE, ONE)).as("beside representors").isEmpty();
  }
}
