package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.fixture.VfFixture;
import java.util.List;
import org.assertj.core.api.AbstractListAssert;
import org.assertj.core.api.ObjectAssert;

/// Two VFs and plain links, and what preflight finds about them.
final class PreflightScene {
  static final String DEVICES =
      "'links':[{'deviceID':'0000:01:10.0'},{'deviceID':'0000:02:10.0','name':'right'}]";

  static VfFixture vf1() {
    return VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1"));
  }

  static VfFixture vf2() {
    return VfFixture.of("pf1", 0, "0000:02:10.0", inPod("net2"));
  }

  /// The same two VFs, still on the host.
  static VfFixture hostVf1() {
    return VfFixture.of("pf0", 0, "0000:01:10.0", onHost("ens1f0v0"));
  }

  static VfFixture hostVf2() {
    return VfFixture.of("pf1", 0, "0000:02:10.0", onHost("ens2f0v0"));
  }

  static NodeFacts vfs(VfFixture first, VfFixture second) {
    return new FactsBuilder().vf(first).vf(second).facts();
  }

  static NodeFacts links(LinkFixture... links) {
    FactsBuilder facts = new FactsBuilder();
    for (LinkFixture link : links) {
      facts.link(link);
    }
    return facts.facts();
  }

  static AbstractListAssert<?, List<? extends String>, String, ObjectAssert<String>> on(
      BondConfig config, NodeFacts facts) {
    return assertThat(Preflight.findings(config, BOND0, facts))
        .extracting(finding -> finding.severity() + " " + finding);
  }

  private PreflightScene() {}
}
