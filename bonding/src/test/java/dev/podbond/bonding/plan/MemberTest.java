package dev.podbond.bonding.plan;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.VfFixture;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberTest {
  private static final BondNames NAMES = new BondNames("bond0", Optional.of("net3"));
  private static final BondConfig DEVICES =
      bond("'links':[{'deviceID':'0000:01:10.0'},{'deviceID':'0000:02:10.0','name':'right'}]");

  @ParameterizedTest
  @CsvSource({
    // its name on the host, another link in the pod, its name in the pod
    "ens1f0v0, eth0, ens1f0v0",
    "ens1f0v0, ens1f0v0, ens1f0v0_1",
    "bond0, eth0, bond0_1",
    "net3, eth0, net3_1",
    "right, eth0, right_1",
    "right, right_1, right_2",
  })
  void aDeviceComesUnderItsOwnNameUnlessThatIsTakenInThePod(
      String home, String other, String podName) {
    NodeFacts facts =
        new FactsBuilder()
            .vf(VfFixture.of("pf0", 0, "0000:01:10.0", onHost(home)))
            .vf(VfFixture.of("pf1", 0, "0000:02:10.0", onHost("ens2f0v0")))
            .link(inPod(other))
            .facts();
    assertThat(Member.resolve(DEVICES, NAMES, facts))
        .extracting(Member::podName)
        .containsExactly(podName, "right");
  }
}
