package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Change.CreateBond;
import dev.podbond.bonding.change.Change.DeleteLink;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMtu;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.check.Comparison;
import dev.podbond.bonding.check.Difference;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.config.VlanConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.model.FaultyKernel;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// VLANs as separate attachments, on a bond that another attachment made.
class VlanLifeTest {
  private static final LinkRef BOND = LinkRef.pod("storage");
  private static final String NAME = "storage-v100";
  private static final VlanConfig CONFIG =
      new VlanConfig("net", "storage", 100, OptionalInt.of(1400), false);

  private final KernelModel kernel = new KernelModel();

  @BeforeEach
  void aBond() throws ChangeFailedException {
    kernel.apply(
        new CreateBond(
            BOND,
            new BondOptions(Map.of(BondOption.MODE, new OptionValue.Number(1))),
            Optional.empty(),
            OptionalInt.of(1500)));
    kernel.apply(new SetAdminState(BOND, true));
  }

  private static Attachment prepared() {
    return VlanPlanner.prepare(
        new AttachmentKey("c1", NAME), "/run/netns/pod", JsonObject.of(), CONFIG);
  }

  private Plan plan() {
    return VlanPlanner.assemble(CONFIG, NAME, kernel.facts());
  }

  private List<String> refusals(VlanConfig config, String name) {
    return Preflight.findings(config, name, kernel.facts()).stream()
        .map(Finding::toString)
        .toList();
  }

  @Test
  void isMadeOnTheBondByEitherOfItsNames() {
    kernel.addAltName(BOND, "net3");
    VlanConfig byAltName = new VlanConfig("net", "net3", 100, OptionalInt.empty(), false);
    for (VlanConfig config : List.of(CONFIG, byAltName)) {
      assertThat(VlanPlanner.assemble(config, NAME, kernel.facts()).steps())
          .extracting(step -> step.change().toString())
          .containsExactly(
              "create VLAN 100 as storage-v100 in the pod over storage",
              "set storage-v100 in the pod up");
    }
  }

  @Test
  void aBondThatTheFactsDoNotKnowIsTheCallersMistake() {
    assertThatThrownBy(() -> VlanPlanner.assemble(CONFIG, NAME, new KernelModel().facts()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no bond storage");
  }

  @Test
  void isVerifiedAndTakenBackByItsRecordAndNothingElseIs() throws ChangeFailedException {
    List<String> start = kernel.state();
    new Execution(kernel).run(plan());
    Attachment complete =
        prepared().complete(List.of(IpPrefix.parse("10.1.0.2/24").orElseThrow()), List.of());
    new Execution(kernel)
        .run(
            BondPlanner.address(
                complete.addressed(),
                List.of(new AssignedIp(complete.addresses().getFirst(), Optional.empty())),
                List.of()));

    Expectation expected = Expectation.ofVlan(complete, CONFIG);
    assertThat(Comparison.differences(expected, kernel.facts())).isEmpty();
    assertThat(new Execution(kernel).runAll(AttachmentRemoval.plan(complete, kernel.facts())))
        .isEmpty();
    assertThat(kernel.state()).isEqualTo(start);
    assertThat(AttachmentRemoval.plan(complete, kernel.facts()).steps()).isEmpty();
  }

  @Test
  void isTakenBackFromEveryPointOfItsWay() throws ChangeFailedException {
    int changes = plan().steps().size();
    List<String> start = kernel.state();
    for (int failing = 0; failing < changes; failing++) {
      Execution execution = new Execution(FaultyKernel.failingAfter(failing, kernel));
      Plan plan = plan();
      assertThatThrownBy(() -> execution.run(plan)).isInstanceOf(ChangeFailedException.class);
      assertThat(execution.undo()).isEmpty();
      assertThat(kernel.state()).as("change %d", failing).isEqualTo(start);

      Execution killed = new Execution(FaultyKernel.killedAfter(failing, kernel));
      assertThatThrownBy(() -> killed.run(plan)).isInstanceOf(FaultyKernel.Killed.class);
      new Execution(kernel).runAll(AttachmentRemoval.plan(prepared(), kernel.facts()));
      assertThat(kernel.state()).as("killed at change %d", failing).isEqualTo(start);
    }
  }

  @Test
  void checkNamesEachDifference() throws ChangeFailedException {
    Expectation expected = Expectation.ofVlan(prepared().complete(List.of(), List.of()), CONFIG);
    assertThat(differences(expected))
        .containsExactly("storage-v100 in the pod: interface should be a VLAN, found nothing");
    new Execution(kernel).run(plan());
    kernel.apply(new SetAdminState(LinkRef.pod(NAME), false));
    kernel.apply(new SetMtu(LinkRef.pod(NAME), 1300));
    assertThat(differences(expected))
        .containsExactly(
            "storage-v100 in the pod: state should be up, found down",
            "storage-v100 in the pod: MTU should be 1400, found 1300");
    kernel.apply(new DeleteLink(LinkRef.pod(NAME), "vlan"));
    kernel.addLink(LinkRef.pod(NAME), "dummy", new MacAddress(0x020000000001L), 1400, true);
    assertThat(differences(expected))
        .containsExactly("storage-v100 in the pod: interface should be a VLAN, found another kind");
    assertThat(AttachmentRemoval.plan(prepared(), kernel.facts()).steps())
        .as("what merely has its name")
        .isEmpty();
  }

  /// As `sbr` does with the routes of every interface before it in the chain.
  @Test
  void checkAllowsForRoutesThatAPluginAfterItMovedToAnotherTable() throws ChangeFailedException {
    new Execution(kernel).run(plan());
    Route asked = Route.of(IpPrefix.parse("10.9.0.0/16").orElseThrow(), Optional.empty());
    Route moved =
        new Route(
            asked.destination(),
            asked.gateway(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalInt.of(100),
            OptionalInt.empty());
    Attachment complete = prepared().complete(List.of(), List.of(asked));
    NodeFacts inTable =
        new NodeFacts(kernel.facts().links(), Map.of(), Map.of(NAME, List.of(moved)));
    NodeFacts gone = new NodeFacts(kernel.facts().links(), Map.of(), Map.of());

    Expectation lasting = Expectation.lastingOfVlan(complete, CONFIG);
    assertThat(Comparison.differences(lasting, inTable)).isEmpty();
    assertThat(Comparison.differences(lasting, gone)).hasSize(1);
    assertThat(Comparison.differences(Expectation.ofVlan(complete, CONFIG), inTable)).hasSize(1);
  }

  private List<String> differences(Expectation expected) {
    return Comparison.differences(expected, kernel.facts()).stream()
        .map(Difference::toString)
        .toList();
  }

  @Test
  void whatCannotWorkIsRefusedBeforehand() {
    kernel.addLink(LinkRef.pod("eth0"), "veth", new MacAddress(0x020000000001L), 1500, true);
    assertThat(refusals(CONFIG, NAME)).isEmpty();
    assertThat(refusals(new VlanConfig("net", "storage", 100, OptionalInt.of(1500), false), NAME))
        .as("the bond's own MTU")
        .isEmpty();
    assertThat(refusals(CONFIG, "eth0"))
        .containsExactly(
            "VLAN 100: the name eth0 is taken in the pod by veth eth0 in the pod; give the VLAN"
                + " another in the pod's annotation");
    assertThat(refusals(new VlanConfig("net", "none", 100, OptionalInt.empty(), false), NAME))
        .singleElement()
        .asString()
        .contains("there is no bond none in the pod");
    assertThat(refusals(new VlanConfig("net", "eth0", 100, OptionalInt.empty(), false), NAME))
        .singleElement()
        .asString()
        .contains("eth0 in the pod is not a bond but veth eth0");
    assertThat(refusals(new VlanConfig("net", "storage", 100, OptionalInt.of(9000), false), NAME))
        .singleElement()
        .asString()
        .contains("its MTU 9000 is larger than the 1500 of storage in the pod");
  }
}
