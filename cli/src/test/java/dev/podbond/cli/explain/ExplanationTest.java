package dev.podbond.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.config.PodNetworks;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.json.Json;
import dev.podbond.value.InterfaceName;
import dev.podbond.value.PciAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
        .anyMatch(line -> line.startsWith("It does the work of host-local itself instead"))
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
    ExplainedNetworks.Network bond = networks("../examples/okd/40-bond.yaml").getFirst();
    BondConfig config = BondConfig.parse(bond.config(), Optional.empty());

    Explanation explanation =
        Explanation.of(
            config,
            wish(bond, config),
            new NodeFacts(List.of(), Map.of(), Map.of()),
            Optional.empty(),
            bond.ipam());

    assertThat(explanation.refused()).isTrue();
    assertThat(explanation.lines())
        .anyMatch(line -> line.startsWith("refusal: "))
        .endsWith("ADD refuses this; nothing would be touched.");
  }

  @Test
  void saysWhenThereIsNoBondInTheFile() {
    assertThatThrownBy(() -> ExplainedNetworks.networks("x.json", "{\"type\":\"sriov\"}"))
        .hasMessageStartingWith("x.json: there is no network of type bond")
        .satisfies(nothing ->
            assertThat(nothing.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("x.json:1: its configuration is of type sriov"));
  }

  @Test
  void saysWhatAPodAsksForAndWhatThereIsInstead() {
    assertThat(foundInsteadOf(pod("{}")))
        .containsExactly(
            "x:1: Pod demo/a: it asks for no network: it has no annotation"
                + " k8s.v1.cni.cncf.io/networks");
    assertThat(foundInsteadOf(pod(annotation("red, other/blue@net2"))))
        .containsExactly(
            "x:1: Pod demo/a: it asks for demo/red, other/blue, of which the file has no"
                + " NetworkAttachmentDefinition");
    assertThat(foundInsteadOf(pod(annotation("[{\\\"name\\\": 7}]"))))
        .singleElement()
        .asString()
        .startsWith("x:1: Pod demo/a: its annotation k8s.v1.cni.cncf.io/networks: ");
    assertThat(
            foundInsteadOf(
                pod(annotation("red"))
                    + """

                    ---
                    {"apiVersion": "k8s.cni.cncf.io/v1", "kind": "NetworkAttachmentDefinition",
                     "metadata": {"name": "red", "namespace": "demo"},
                     "spec": {"config": "{\\"cniVersion\\": \\"1.0.0\\", \\"name\\": \\"red\\",\
                     \\"plugins\\": [{\\"type\\": \\"sriov\\"}, {\\"type\\": \\"sbr\\"}]}"}}
                    """))
        .containsExactly(
            "x:3: NetworkAttachmentDefinition demo/red: its configuration is of type sriov, sbr");
    assertThat(foundInsteadOf("[]"))
        .singleElement()
        .asString()
        .contains("an object with apiVersion and kind belongs here, found an array");
  }

  private static String pod(String metadata) {
    return "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"a\","
        + " \"namespace\": \"demo\", \"annotations\": "
        + metadata
        + "}}";
  }

  private static String annotation(String networks) {
    return "{\"k8s.v1.cni.cncf.io/networks\": \"" + networks + "\"}";
  }

  private static List<String> foundInsteadOf(String text) {
    Throwable nothing = catchThrowable(() -> ExplainedNetworks.networks("x", text));
    return Stream.of(nothing.getSuppressed()).map(Throwable::getMessage).toList();
  }

  /// A link is found by any of its names, but only its own name can be recorded as its former one.
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

  /// tuning would find no `bond0` in /proc/sys/net/ipv4/conf/IFNAME, nor would sbr find one in the
  /// result.
  @Test
  void saysWhichNameResultsAndWhy() throws Exception {
    String chained =
        """
        {"cniVersion": "1.0.0", "name": "n", "plugins": [
          {"type": "bond", "ifname": "bond0", "mode": "active-backup", "linksInContainer": true,
           "links": [{"name": "net1"}, {"name": "net2"}]}%s]}
        """;
    assertThat(
            explain(ExplainedNetworks.networks("c", chained.formatted(", {\"type\": \"sbr\"}")))
                .lines())
        .startsWith(
            "Network n makes the bond net3, also known as bond0.",
            "net3 is the interface's own name, since plugins follow in its network, which look for"
                + " the interface under CNI_IFNAME.");
    assertThat(explain(ExplainedNetworks.networks("c", chained.formatted(""))).lines())
        .startsWith(
            "Network n makes the bond bond0, also known as net3.",
            "bond0 is the interface's own name, since no plugin follows in its network, and"
                + " CNI_IFNAME is only the runtime's numbering.");
    assertThat(
            explain(
                    ExplainedNetworks.networks(
                        "c", chained.formatted("").replace("\"bond0\"", "\"net1\"")))
                .lines())
        .startsWith("Network n makes the bond net3.")
        .contains(
            "warning: ifname net1: it is the name of its own member net1; the bond is called net3"
                + " alone");
  }

  /// Each of its networks is the one that the operator renders, with the name that the webhook
  /// gives it.
  @Test
  void aBondNetworkIsExplainedNetworkByNetwork() throws Exception {
    List<ExplainedNetworks.Network> networks =
        networks("../examples/bondnetwork-vlans/10-bondnetwork.yaml");

    assertThat(networks)
        .extracting(network -> network.rendered().orElseThrow().ifname())
        .containsExactly("trunk", "trunk-v100", "backup");
    assertThat(networks.getFirst().rendered().orElseThrow().introduction())
        .satisfiesExactly(
            sentence ->
                assertThat(sentence)
                    .isEqualTo(
                        "BondNetwork demo/trunk: a pod that asks for it gets the networks"
                            + " demo/sriovnet1@trunk-1, demo/sriovnet2@trunk-2, demo/trunk@trunk,"
                            + " demo/trunk-v100@trunk-v100, demo/trunk-v200@backup."),
            sentence ->
                assertThat(sentence)
                    .startsWith("NetworkAttachmentDefinition demo/trunk has the config {")
                    .contains("tuning"));
    assertThat(explain(networks).lines())
        .startsWith("Network trunk makes the bond trunk.")
        .anyMatch(line -> line.contains("create bond trunk in the pod with mode active-backup"))
        .endsWith("Nothing has been touched.");
    assertThat(explain(networks.subList(1, 2)).lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo("Network trunk-v100 makes VLAN 100 on the bond trunk: trunk-v100."),
            line ->
                assertThat(line)
                    .startsWith("Assumed, as no pod was named: the bond trunk exists in the pod"),
            line -> assertThat(line).startsWith("ADD makes these changes"),
            line -> assertThat(line).startsWith("  1  ").contains("VLAN", "trunk-v100"),
            line -> assertThat(line).startsWith("  2  ").contains("trunk-v100"),
            line ->
                assertThat(line)
                    .contains("asks the IPAM plugin whereabouts", "on trunk-v100 and announces"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "It executes whereabouts, because only host-local and static are built"
                            + " in."),
            line -> assertThat(line).isEqualTo("Nothing has been touched."));
  }

  @Test
  void theClaimOfABondNetworkIsNamed() throws Exception {
    ExplainedNetworks.Network bond =
        networks("../examples/bondnetwork-dra/20-bondnetwork.yaml").getFirst();

    assertThat(bond.rendered().orElseThrow().introduction().getFirst())
        .isEqualTo(
            "BondNetwork demo/storage: a pod that asks for it gets the networks"
                + " demo/sriovnet@storage-1, demo/sriovnet@storage-2, demo/storage@storage, and a"
                + " claim podbond-storage of its VFs, from a ResourceClaimTemplate that the"
                + " operator makes.");
  }

  @Test
  void aBondNetworkThatTheOperatorWouldRefuseIsRefusedInItsWords() {
    String wrong =
        """
        apiVersion: podbond.dev/v1alpha1
        kind: BondNetwork
        metadata: {name: b, namespace: demo}
        spec:
          mode: active-backup
          members: [{sriovNetwork: a}, {sriovNetwork: b}]
          vlans: [{id: 5}, {id: 5, name: x}]
        """;
    assertThatThrownBy(() -> ExplainedNetworks.networks("b.yaml", wrong))
        .hasMessageStartingWith("b.yaml:1: BondNetwork demo/b: ")
        .hasMessageContaining("vlans[1].id is 5, as in vlans[0]");
    assertThatThrownBy(() -> ExplainedNetworks.networks("b.yaml", wrong.replace("v1alpha1", "v1")))
        .hasMessageContaining("write apiVersion: podbond.dev/v1alpha1");
  }

  /// As the chart has it rendered, and with a bond that is not there.
  @Test
  void aVlanNeedsItsBondInThePod() throws Exception {
    ExplainedNetworks.Network network =
        ExplainedNetworks.networks(
                "v.json",
                "{\"type\": \"podbond\", \"name\": \"v\", \"vlanOn\": \"bond0\", \"vlan\": 7,"
                    + " \"mtu\": 9000}")
            .getFirst();

    assertThat(explain(List.of(network)).refused()).isFalse();
    Explanation alone =
        Explanation.of(
            VlanConfig.parse(network.config(), Optional.empty()),
            "net4",
            new NodeFacts(List.of(), Map.of(), Map.of()),
            Optional.empty(),
            network.ipam());
    assertThat(alone.refused()).isTrue();
    assertThat(alone.lines())
        .anyMatch(line -> line.startsWith("refusal: VLAN 7: there is no bond bond0 in the pod"));
  }

  private static NameWish wish(ExplainedNetworks.Network bond, BondConfig config) throws Exception {
    return NameWish.of(
        bond.config(), ifname(bond), config.ifname(), new PodNetworks(bond.standing(), Set.of()));
  }

  private static Explanation explain(String file) throws Exception {
    return explain(networks(file));
  }

  private static Explanation explain(List<ExplainedNetworks.Network> networks) throws Exception {
    ExplainedNetworks.Network network = networks.getFirst();
    if (VlanConfig.isOne(network.config())) {
      VlanConfig config = VlanConfig.parse(network.config(), Optional.empty());
      return Explanation.of(
          config,
          ifname(network),
          AssumedFacts.of(config),
          Optional.of(AssumedFacts.describe(config)),
          network.ipam());
    }
    BondConfig config = BondConfig.parse(network.config(), Optional.empty());
    return Explanation.of(
        config,
        wish(network, config),
        AssumedFacts.of(config),
        Optional.of(AssumedFacts.describe(config)),
        network.ipam());
  }

  private static String ifname(ExplainedNetworks.Network network) {
    return network.rendered().map(ExplainedNetworks.Rendered::ifname).orElse("net3");
  }

  private static List<ExplainedNetworks.Network> networks(String file) throws Exception {
    return ExplainedNetworks.networks(file, Files.readString(Path.of(file)));
  }

  @Test
  void saysWhatTheBondSurvivesWhereItsPfsAreKnown() throws Exception {
    assertThat(onPfs("0000:3b:00.0", "0000:3b:00.1"))
        .contains(
            "With all its members up it survives, as far as PCI addresses and the host's bonds"
                + " tell: cable,port.")
        .anyMatch(line ->
            line.startsWith("SameCard: all its members are on the card 0000:3b:00, which takes"))
        .endsWith("Nothing has been touched.");
    assertThat(onPfs("0000:3b:00.0", "0000:5e:00.0"))
        .contains(
            "With all its members up it survives, as far as PCI addresses and the host's"
                + " bonds tell: cable,port,card?.")
        .noneMatch(line -> line.startsWith("SameCard"));
    assertThat(explain("../examples/bond-members-by-pci/10-bond.yaml").lines())
        .as("PFs that are assumed")
        .noneMatch(line -> line.contains("survives"));
  }

  private static List<String> onPfs(String... pfs) throws Exception {
    ExplainedNetworks.Network bond =
        networks("../examples/bond-members-by-pci/10-bond.yaml").getFirst();
    BondConfig config = BondConfig.parse(bond.config(), Optional.empty());
    NodeFacts assumed = AssumedFacts.of(config);
    Map<PciAddress, VfFacts> vfs = new HashMap<>();
    for (PciAddress pci : new TreeSet<>(assumed.vfs().keySet())) {
      VfFacts vf = assumed.vf(pci).orElseThrow();
      PfFacts pf =
          new PfFacts(
              vf.pf().name(),
              PciAddress.parse(pfs[vfs.size()]).orElseThrow(),
              true,
              true,
              9000,
              Optional.empty());
      vfs.put(pci, new VfFacts(vf.ref(), pf, vf.pfSide(), vf.driver(), vf.link()));
    }
    return Explanation.of(
            config,
            wish(bond, config),
            new NodeFacts(assumed.links(), vfs, assumed.routes()),
            Optional.empty(),
            bond.ipam())
        .lines();
  }
}
