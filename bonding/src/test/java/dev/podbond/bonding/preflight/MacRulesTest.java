package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf1;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf2;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static dev.podbond.bonding.preflight.PreflightScene.vf1;
import static dev.podbond.bonding.preflight.PreflightScene.vf2;
import static dev.podbond.bonding.preflight.PreflightScene.vfs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.VfFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table of measurements with real VFs.
class MacRulesTest {
  @ParameterizedTest
  @CsvSource({
    "balance-rr, 0, net2",
    "balance-rr, 1, net2",
    "active-backup, 0, net2",
    "active-backup, 1, ''",
    "active-backup, 2, net1 net2",
    "balance-xor, 0, net2",
    "broadcast, 0, net2",
    "802.3ad, 0, net2",
    "balance-tlb, 0, net1 net2",
    "balance-alb, 0, net1 net2",
  })
  void withoutTrustOnlyActiveBackupWithFailOverMacActiveWorks(
      String mode, int failOverMac, String refused) {
    BondConfig config = bond("'mode':'" + mode + "','failOverMac':" + failOverMac);
    NodeFacts untrusted = vfs(vf1().trust(false), vf2().trust(false));

    assertThat(Preflight.refusals(Preflight.findings(config, BOND0, untrusted), false))
        .extracting(finding -> finding.subject().substring(0, 4))
        .containsExactlyElementsOf(refused.isEmpty() ? List.of() : List.of(refused.split(" ")));
    assertThat(Preflight.refusals(Preflight.findings(config, BOND0, vfs(vf1(), vf2())), false))
        .isEmpty();
  }

  @Test
  void theRefusalNamesTheVfItsPfAndTheFix() {
    on(bond("'mode':'balance-xor','failOverMac':null"), vfs(vf1().trust(false), vf2().trust(false)))
        .containsExactly(
            "REFUSAL net2, VF 0 (0000:02:10.0) of PF pf1: trust is off and its PF holds the MAC"
                + " 02:11:00:00:02:10 for it, so it may not take the bond's MAC, as mode"
                + " balance-xor needs; set trust: on for it (spec.trust: \"on\" in its"
                + " SriovNetwork; by hand: ip link set pf1 vf 0 trust on), or use active-backup"
                + " with failOverMac 1");
  }

  @Test
  void followWithoutTrustIsRefusedForWhatItDoesAtFailover() {
    on(bond("'failOverMac':2"), vfs(vf1(), vf2().trust(false)))
        .singleElement()
        .asString()
        .contains("REFUSAL net2", "a failover would lose all traffic without an error");
  }

  @Test
  void trustGivenByTheConfigurationCounts() {
    String links =
        "'mode':'xor','failOverMac':null,'links':[{'deviceID':'0000:01:10.0','trust':'on'},"
            + "{'deviceID':'0000:02:10.0','trust':'%s'}]";
    NodeFacts facts = vfs(hostVf1().trust(false), hostVf2().trust(false));

    on(bond(links.formatted("on")), facts).isEmpty();
    on(bond(links.formatted("off")), facts).hasSize(1);
  }

  @Test
  void aMemberThatAlreadyHasTheBondsMacNeedsNoTrust() {
    String mac = "'mac':'02:00:00:00:00:01'";
    String links =
        "'mode':'xor','failOverMac':null,'links':[{'deviceID':'0000:01:10.0',"
            + mac
            + "},{'deviceID':'0000:02:10.0',"
            + mac
            + "}]";

    on(bond(links), vfs(hostVf1().trust(false), hostVf2().trust(false))).isEmpty();
  }

  @Test
  void aRequestedMacIsForeignToEveryMember() {
    assertThat(
            Preflight.refusals(
                Preflight.findings(
                    bond("'mode':'xor','failOverMac':0,'mac':'02:00:00:00:00:01'"),
                    BOND0,
                    vfs(vf1().trust(false), vf2().trust(false))),
                false))
        .hasSize(2);
  }

  @Test
  void withoutAMacAtThePfLackOfTrustIsOnlyDoubtful() {
    on(
            bond("'mode':'xor','failOverMac':0"),
            vfs(
                vf1().trust(false).adminMac("00:00:00:00:00:00"),
                vf2().trust(false).adminMac("00:00:00:00:00:00")))
        .singleElement()
        .asString()
        .startsWith("WARNING net2, VF 0 (0000:02:10.0) of PF pf1: trust is off");
  }

  @Test
  void whatANicDoesNotReportIsNotHeldAgainstIt() {
    on(bond("'failOverMac':0"), vfs(vf1().trustUnknown(), vf2().trustUnknown())).isEmpty();
  }

  @Test
  void theSpoofCheckIsDoubtfulWhereAForeignMacIsUsed() {
    NodeFacts facts = vfs(vf1().spoofCheck(true), vf2().spoofCheck(true));

    on(bond("'failOverMac':0"), facts)
        .singleElement()
        .asString()
        .startsWith("WARNING net2, VF 0 (0000:02:10.0) of PF pf1: its spoof check is on")
        .contains("set spoofChk: \"off\" in its SriovNetwork");
    on(bond(), facts).isEmpty();
  }

  @Test
  void aVfThatDoesNotKnowItsAdministrativeMacWouldLoseEveryFrame() {
    VfFixture stale = vf1().adminMac("02:00:00:00:00:99");

    on(bond(), vfs(stale, vf2()))
        .containsExactly(
            "REFUSAL net1, VF 0 (0000:01:10.0) of PF pf0: its PF holds the MAC 02:00:00:00:00:99"
                + " for it and it still has 02:11:00:00:01:10, so the bond would come up and every"
                + " frame be lost; set the VF's link up and then down, so that its driver takes"
                + " over the MAC, or set mac: \"02:11:00:00:01:10\" for the VF");
    on(
            bond(
                "'links':[{'deviceID':'0000:01:10.0','mac':'02:00:00:00:00:01'},"
                    + "{'deviceID':'0000:02:10.0'}]"),
            vfs(hostVf1().adminMac("02:00:00:00:00:99"), hostVf2()))
        .isEmpty();
  }

  @Test
  void aRequestedMacDoesNotLastWithFailOverMacActive() {
    on(bond("'mac':'02:00:00:00:00:01'"), vfs(vf1(), vf2()))
        .singleElement()
        .asString()
        .startsWith("WARNING bond bond0: the MAC 02:00:00:00:00:01 is asked for");
    on(bond("'mac':'02:00:00:00:00:01','failOverMac':0"), vfs(vf1(), vf2())).isEmpty();
  }
}
