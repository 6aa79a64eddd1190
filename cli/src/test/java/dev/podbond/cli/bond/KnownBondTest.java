package dev.podbond.cli.bond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.observed.Health;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KnownBondTest {
  @Test
  void anAgentsAnswerIsReadWhole() {
    KnownBonds known =
        KnownBonds.of(
            SomeBonds.answer(
                SomeBonds.with(
                    SomeBonds.said(
                        "demo/web",
                        "active-backup",
                        "net2",
                        Health.DEGRADED,
                        "net1 down ens1f0 0000:3b:00.0",
                        "net2 up"),
                    "2026-01-02T03:04:05Z|member net1 down|PF ens1f0 has no carrier")));
    KnownBond bond = known.bonds().getFirst();

    assertThat(bond.health()).isEqualTo(Health.DEGRADED);
    assertThat(bond.up()).isEqualTo(1);
    assertThat(bond.configured()).isEqualTo(2);
    assertThat(bond.members())
        .containsExactly(
            new KnownMember(
                "net1",
                "down",
                0,
                "0000:3b:02.1",
                "iavf",
                Optional.of(new KnownPf("ens1f0", "0000:3b:00.0"))),
            new KnownMember("net2", "up", 0, "0000:3b:02.2", "", Optional.empty()));
    assertThat(known.pfs()).containsExactly(new KnownPf("ens1f0", "0000:3b:00.0"));
    assertThat(known.pfs().getFirst().card()).isEqualTo("0000:3b:00");
    assertThat(known.reasons(known.bonds()))
        .containsExactly("demo/web bond0: Degraded, something is wrong; PF ens1f0 has no carrier");
  }

  @Test
  void theObjectOfANodeInTheClusterIsReadAlike() throws Exception {
    JsonObject said =
        Json.parseObject(
            """
            {"namespace": "demo", "pod": "web", "bond": "bond0", "health": "Down",
             "configured": 2, "members": [
              {"name": "net1", "pciAddress": "0000:3b:02.0", "pf": "ens1f0",
               "pfPciAddress": "0000:3b:00.0", "driver": "iavf", "state": "missing"}]}
            """);
    KnownBond bond = KnownBond.of(said);

    assertThat(bond.pod()).isEqualTo("demo/web");
    assertThat(bond.health()).isEqualTo(Health.DOWN);
    assertThat(bond.healthy()).isFalse();
    assertThat(bond.members().getFirst().pci()).isEqualTo("0000:3b:02.0");
    assertThat(bond.members().getFirst().state()).isEqualTo("missing");
    assertThat(bond.members().getFirst().pf()).contains(new KnownPf("ens1f0", "0000:3b:00.0"));
  }

  @Test
  void whatAnAgentDoesNotSayIsEmpty() throws Exception {
    KnownBond bond =
        KnownBond.of(Json.parseObject("{\"healthy\": true, \"members\": 7, \"bond\": [1]}"));

    assertThat(bond.health()).isEqualTo(Health.HEALTHY);
    assertThat(bond.bond()).isEmpty();
    assertThat(bond.members()).isEmpty();
    assertThat(KnownBond.of(JsonObject.of()).health()).isEqualTo(Health.DEGRADED);
    assertThat(Health.of("Sleepy")).isEqualTo(Health.UNKNOWN);
  }

  @Test
  void ofManyReasonsAFewAreSaid() {
    KnownBond down = KnownBond.of(SomeBonds.said("demo/a", "802.3ad", "", Health.DOWN));
    List<String> reasons =
        KnownBonds.of(SomeBonds.answer()).reasons(Collections.nCopies(1000, down));
    assertThat(reasons).hasSize(11).last().isEqualTo("and 990 more");
  }
}
