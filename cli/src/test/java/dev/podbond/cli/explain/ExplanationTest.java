package dev.podbond.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.config.PodNetworks;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.InterfaceName;
import dev.podbond.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ExplanationTest {
  @Test
  void plansTheUsersBondFromAssumedMembers() throws Exception {
    Explanation explanation = explain("../examples/okd/40-bond.yaml");

    assertThat(explanation.refused()).isFalse();
    assertThat(explanation.lines())
        .startsWith("Network bond-net1 makes the bond bond0, also known as net3.")
        .anyMatch(line -> line.startsWith("Assumed, as no pod was named: net1 and net2 exist"))
        .anyMatch(line -> line.contains("create bond bond0 in the pod with mode active-backup"))
        .anyMatch(line -> line.contains("asks the IPAM plugin host-local"))
        .endsWith("Nothing has been touched.");
  }

  @Test
  void readsAPlainConfigurationAndABondOverDevices() throws Exception {
    assertThat(explain("../examples/bond.json").lines().getFirst())
        .isEqualTo("Network two-in-one makes the bond net3.");
    assertThat(explain("../examples/bond-members-by-pci/10-bond.yaml").lines())
        .anyMatch(line -> line.contains("move vf0 on the host"));
  }

  @Test
  void plansNothingWhereAddWouldRefuse() throws Exception {
    ExplainedNetworks.Bond bond = bonds("../examples/okd/40-bond.yaml").getFirst();
    BondConfig config = BondConfig.parse(bond.config(), Optional.empty());

    Explanation explanation =
        Explanation.of(
            config,
            wish(bond, config),
            new NodeFacts(List.of(), Map.of(), Map.of()),
            Optional.empty(),
            bond.ipamType());

    assertThat(explanation.refused()).isTrue();
    assertThat(explanation.lines())
        .anyMatch(line -> line.startsWith("refusal: "))
        .endsWith("ADD refuses this; nothing would be touched.");
  }

  @Test
  void saysWhenThereIsNoBondInTheFile() {
    assertThatThrownBy(() -> ExplainedNetworks.bonds("x.json", "{\"type\":\"sriov\"}"))
        .hasMessageStartingWith("x.json: there is no network of type bond");
  }

  /// A link is found by any of its names, but only its own can be written down as the one it had.
  @Test
  void aNameTooLongForALinkIsAnotherNameOfIt() throws Exception {
    String name = "net2-" + "of-the-left-rack".repeat(3);
    BondConfig config =
        BondConfig.parse(
            Json.parseObject(
                """
                {"type": "bond", "name": "n", "mode": "active-backup", "linksInContainer": true,
                 "links": [{"name": "net1"}, {"name": "%s"}]}
                """
                    .formatted(name)),
            Optional.empty());

    NodeFacts facts = AssumedFacts.of(config);

    assertThat(facts.links())
        .allMatch(link -> InterfaceName.isValid(link.name()))
        .anyMatch(link -> link.answersTo("net1"))
        .anyMatch(link -> link.answersTo(name));
  }

  /// tuning finds no `bond0` in /proc/sys/net/ipv4/conf/IFNAME, nor sbr one in the result.
  @Test
  void saysWhichNameResultsAndWhy() throws Exception {
    String chained =
        """
        {"cniVersion": "1.0.0", "name": "n", "plugins": [
          {"type": "bond", "ifname": "bond0", "mode": "active-backup", "linksInContainer": true,
           "links": [{"name": "net1"}, {"name": "net2"}]}%s]}
        """;
    assertThat(
            explain(ExplainedNetworks.bonds("c", chained.formatted(", {\"type\": \"sbr\"}")))
                .lines())
        .startsWith(
            "Network n makes the bond net3, also known as bond0.",
            "net3 is the interface's own name, since plugins follow in its network, which look for"
                + " the interface under CNI_IFNAME.");
    assertThat(explain(ExplainedNetworks.bonds("c", chained.formatted(""))).lines())
        .startsWith(
            "Network n makes the bond bond0, also known as net3.",
            "bond0 is the interface's own name, since no plugin follows in its network, and"
                + " CNI_IFNAME is only the runtime's numbering.");
    assertThat(
            explain(
                    ExplainedNetworks.bonds(
                        "c", chained.formatted("").replace("\"bond0\"", "\"net1\"")))
                .lines())
        .startsWith("Network n makes the bond net3.")
        .contains(
            "warning: ifname net1: it is the name of its own member net1; the bond is called net3"
                + " alone");
  }

  private static NameWish wish(ExplainedNetworks.Bond bond, BondConfig config) throws Exception {
    return NameWish.of(
        bond.config(), "net3", config.ifname(), new PodNetworks(bond.standing(), Set.of()));
  }

  private static Explanation explain(String file) throws Exception {
    return explain(bonds(file));
  }

  private static Explanation explain(List<ExplainedNetworks.Bond> bonds) throws Exception {
    ExplainedNetworks.Bond bond = bonds.getFirst();
    BondConfig config = BondConfig.parse(bond.config(), Optional.empty());
    return Explanation.of(
        config,
        wish(bond, config),
        AssumedFacts.of(config),
        Optional.of(AssumedFacts.describe(config)),
        bond.ipamType());
  }

  private static List<ExplainedNetworks.Bond> bonds(String file) throws Exception {
    return ExplainedNetworks.bonds(file, Files.readString(Path.of(file)));
  }
}
