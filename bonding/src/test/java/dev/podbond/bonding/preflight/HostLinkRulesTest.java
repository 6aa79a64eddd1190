package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static dev.podbond.bonding.preflight.PreflightScene.DEVICES;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf1;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf2;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static dev.podbond.bonding.preflight.PreflightScene.vfs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.NodeSettings;
import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.IpPrefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the node itself uses stays with it.
class HostLinkRulesTest {
  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }

  private static NodeFacts uplink(HostUse use, LinkFixture uplink) {
    return new FactsBuilder().link(uplink).link(onHost("net2")).hostUse("net1", use).facts();
  }

  @Test
  void aLinkThatTheNodeUsesIsNeverTakenFromIt() {
    BondConfig byName = bond("'linksInContainer':false");
    on(
            byName,
            uplink(
                new HostUse(List.of(prefix("0.0.0.0/0"), prefix("10.2.0.0/16")), List.of(), 0),
                onHost("net1").address("192.168.77.2/24")))
        .containsExactly(
            "REFUSAL net1: the node itself uses net1: it has the address 192.168.77.2/24, and the"
                + " route to everywhere (0.0.0.0/0, the default route), to 10.2.0.0/16, which"
                + " the node would lose for good; name a link that the node does not need, keep VFs"
                + " that it uses out of the pool, or remove that from net1 first");
    Map<HostUse, String> uses =
        Map.of(
            new HostUse(List.of(prefix("::/0")), List.of(), 0), "the default route",
            new HostUse(List.of(prefix("10.2.0.0/16")), List.of(), 0), "to 10.2.0.0/16",
            new HostUse(List.of(), List.of("net1.100", "mac0"), 0), "on top of it net1.100, mac0",
            new HostUse(List.of(), List.of(), 4), "4 VFs of its own");
    uses.forEach((use, found) ->
        on(byName, uplink(use, onHost("net1")))
            .singleElement()
            .asString()
            .startsWith("REFUSAL net1: the node itself uses net1: it has ")
            .contains(found));
    for (String address : List.of("2001:db8::1/64", "169.254.1.1/16")) {
      on(byName, uplink(HostUse.NONE, onHost("net1").address(address)))
          .singleElement()
          .asString()
          .startsWith("REFUSAL net1: the node itself uses net1: it has the address");
    }
    on(byName, uplink(HostUse.NONE, onHost("net1").address("fe80::1/64"))).isEmpty();
  }

  @Test
  void norUnderAnAlternativeName() {
    on(
            bond("'linksInContainer':false,'links':[{'name':'uplink'},{'name':'net2'}]"),
            uplink(
                new HostUse(List.of(prefix("0.0.0.0/0")), List.of(), 0),
                onHost("net1").altName("uplink")))
        .singleElement()
        .asString()
        .startsWith("REFUSAL uplink: the node itself uses net1");
  }

  @Test
  void aMasterIsNamedOnce() {
    on(
            bond("'linksInContainer':false"),
            uplink(new HostUse(List.of(), List.of("bond7"), 0), onHost("net1").memberOf("bond7")))
        .singleElement()
        .asString()
        .startsWith("REFUSAL net1: it is already a member of bond bond7");
  }

  @Test
  void whatIsOnTopOfALinkBesideItsMasterIsNamed() {
    on(
            bond("'linksInContainer':false"),
            uplink(
                new HostUse(List.of(), List.of("bond7", "net1.100"), 0),
                onHost("net1").memberOf("bond7")))
        .anySatisfy(finding ->
            assertThat(finding)
                .startsWith(
                    "REFUSAL net1: the node itself uses net1: it has on top of it net1.100,"));
  }

  @Test
  void ofManyUsesTheFirstThreeAreNamed() {
    List<String> uppers = List.of("net1.1", "net1.2", "net1.3", "net1.4");
    on(
            bond("'linksInContainer':false"),
            uplink(new HostUse(List.of(), uppers.subList(0, 3), 0), onHost("net1")))
        .singleElement()
        .asString()
        .contains("it has on top of it net1.1, net1.2, net1.3, which the node would lose");
    on(bond("'linksInContainer':false"), uplink(new HostUse(List.of(), uppers, 0), onHost("net1")))
        .singleElement()
        .asString()
        .contains("it has on top of it net1.1, net1.2, net1.3 and others, which");
  }

  @Test
  void aVfThatTheNodeUsesIsNoMemberByItsAddressEither() {
    on(
            bond(DEVICES),
            new FactsBuilder()
                .vf(hostVf1())
                .vf(hostVf2())
                .hostUse("ens1f0v0", new HostUse(List.of(prefix("0.0.0.0/0")), List.of(), 0))
                .facts())
        .singleElement()
        .asString()
        .startsWith("REFUSAL ")
        .contains("VF 0 (0000:01:10.0) of PF pf0: the node itself uses", "the default route");
  }

  @Test
  void whatAPlanMovesOffTheHostIsJudgedAlike() {
    NodeFacts facts =
        new FactsBuilder().link(onHost("net1").address("10.0.0.1/24")).link(onHost("net2")).facts();
    assertThat(findings(facts, "net1"))
        .singleElement()
        .asString()
        .startsWith("net1 on the host: the node itself uses net1");
    assertThat(findings(facts, "net2")).isEmpty();
  }

  private static List<String> findings(NodeFacts facts, String link) {
    Change move = new Change.Move(LinkRef.host(link), LinkRef.pod(link));
    Change back = new Change.Move(LinkRef.pod(link), LinkRef.host(link));
    return Preflight.findings(new Plan(List.of(new Step(move, List.of(back)))), facts).stream()
        .map(Finding::toString)
        .toList();
  }

  @Test
  void aNodeMayKeepItsLinks() {
    BondConfig config = bond("'linksInContainer':false").under(new NodeSettings(false, false));

    on(config, links(onHost("net1"), onHost("net2")))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("REFUSAL net1: this node does not give its links to pods (allowHostLinks is");
    on(bond().under(new NodeSettings(false, false)), links(inPod("net1"), inPod("net2"))).isEmpty();
    on(bond(DEVICES).under(new NodeSettings(false, false)), vfs(hostVf1(), hostVf2())).isEmpty();
  }
}
