package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.config.Standing;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameChoiceTest {
  private static final NodeFacts MEMBERS = links(inPod("net1"), inPod("net2"));

  @ParameterizedTest
  @CsvSource({
    // CNI_IFNAME, ifname, the standing, the bond's name, its alternative name
    "net3,,LAST,net3,",
    "net3,bond0,LAST,bond0,net3",
    "net12,lan,LAST,lan,net12",
    "net3,bond0,FOLLOWED,net3,bond0",
    "net3,bond0,UNKNOWN,net3,bond0",
    "bond1,bond0,ASKED_FOR,bond1,bond0",
    "lan,a-name-that-is-too-long-for-a-name,ASKED_FOR,lan,a-name-that-is-too-long-for-a-name",
  })
  void ifnameGoesFirstOnlyWhereItIsKnownThatNobodyLooksForTheOther(
      String cniIfname, String ifname, Standing standing, String name, String altName)
      throws Exception {
    NameChoice choice = choose(cniIfname, ifname, standing, bond(), MEMBERS);
    assertThat(choice.names()).isEqualTo(new BondNames(name, Optional.ofNullable(altName)));
    assertThat(choice.findings()).isEmpty();
    assertThat(choice.reason().isPresent()).isEqualTo(ifname != null);
  }

  @Test
  void theReasonNamesTheInterfaceAndWhatPutsItFirst() throws Exception {
    assertThat(choose("net3", "bond0", Standing.LAST, bond(), MEMBERS).reason())
        .contains(
            "bond0 is the interface's own name, since no plugin follows in its network, and"
                + " CNI_IFNAME is only the runtime's numbering");
    assertThat(choose("net3", "bond0", Standing.FOLLOWED, bond(), MEMBERS).reason())
        .contains(
            "net3 is the interface's own name, since plugins follow in its network, which look for"
                + " the interface under CNI_IFNAME");
  }

  /// It keeps its alternative name when it comes into the pod.
  @Test
  void aMembersConfiguredNameIsTakenThoughTheLinkIsStillOnTheHost() throws Exception {
    BondConfig config = bond("'linksInContainer':false,'links':[{'name':'lan'},{'name':'net2'}]");
    NodeFacts facts = links(onHost("eth1").altName("lan"), onHost("net2"));
    NameChoice choice = choose("net3", "lan", Standing.LAST, config, facts);
    assertThat(choice.names()).isEqualTo(new BondNames("net3", Optional.empty()));
    assertThat(choice.findings())
        .singleElement()
        .asString()
        .startsWith("ifname lan: it is the name of its own member lan;");
    assertThat(choose("net3", "wan", Standing.LAST, config, facts).names())
        .isEqualTo(new BondNames("wan", Optional.of("net3")));
  }

  /// A field that bond-cni ignores must not keep a pod from starting.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bond0 | it is taken in the pod by dummy bond0 in the pod",
        "lan   | it is taken in the pod by vlan eth9 in the pod",
        "net1  | it is the name of its own member net1",
        "m2    | it is the name of its own member net2",
        "net7  | so the runtime numbers its interfaces",
        "later | another network of the pod is going to have it",
      })
  void aTakenIfnameIsAWarningAndTheRuntimesNameTheOnlyOne(String ifname, String why)
      throws Exception {
    NodeFacts facts =
        links(
            inPod("net1"),
            inPod("net2").altName("m2"),
            inPod("bond0").kind("dummy"),
            inPod("eth9").altName("lan").kind("vlan"));
    for (Standing standing : Standing.values()) {
      NameChoice choice =
          NameChoice.of(
              new NameWish("net3", Optional.of(ifname), standing, Set.of("net4", "later")),
              bond(),
              facts);
      assertThat(choice.names()).isEqualTo(new BondNames("net3", Optional.empty()));
      assertThat(choice.findings())
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.toString())
                .startsWith("ifname " + ifname + ": " + why)
                .endsWith("the bond is called net3 alone");
          });
      assertThat(Preflight.findings(bond(), choice.names(), facts)).isEmpty();
    }
  }

  @Test
  void anIfnameThatCanOnlyBeASecondNameBecomesOne() throws Exception {
    NameChoice longer = choose("net3", "a-name-that-is-too-long", Standing.LAST, bond(), MEMBERS);
    assertThat(longer.names())
        .isEqualTo(new BondNames("net3", Optional.of("a-name-that-is-too-long")));
    assertThat(longer.findings())
        .singleElement()
        .asString()
        .contains("too long for an interface's own name");

    NodeFacts facts = links(inPod("net1"), inPod("net2"), inPod("bond0.5").kind("vlan"));
    NameChoice vlan = choose("net3", "bond0", Standing.LAST, bond("'vlan':5"), facts);
    assertThat(vlan.names()).isEqualTo(new BondNames("net3", Optional.of("bond0")));
    assertThat(vlan.findings())
        .singleElement()
        .asString()
        .contains("the name of its VLAN interface is taken in the pod by vlan bond0.5");
    assertThat(Preflight.findings(bond("'vlan':5"), vlan.names(), facts)).isEmpty();
  }

  private static NodeFacts links(LinkFixture... links) {
    FactsBuilder facts = new FactsBuilder();
    for (LinkFixture link : links) {
      facts.link(link);
    }
    return facts.facts();
  }

  private static NameChoice choose(
      String cniIfname, String ifname, Standing standing, BondConfig config, NodeFacts facts) {
    return NameChoice.of(
        new NameWish(cniIfname, Optional.ofNullable(ifname), standing, Set.of()), config, facts);
  }
}
