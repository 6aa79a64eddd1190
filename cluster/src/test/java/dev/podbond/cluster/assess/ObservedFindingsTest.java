package dev.podbond.cluster.assess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.observed.BondUse;
import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.NodeReport;
import dev.podbond.cluster.observed.PodBond;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What bonds of pods tell against their BondNetwork.
final class ObservedFindingsTest {
  private static final String PARTNER = "00:1c:73:00:00:01";

  private static BondNetwork bond(String more) {
    return BondNetwork.of(
        Scene.yaml(
            "{metadata: {name: storage, namespace: demo}, spec: {mode: active-backup, members:"
                + " [{sriovNetwork: a}, {sriovNetwork: b}], "
                + more
                + "}}"));
  }

  /// Of pods `demo/web-0` and so on, each with these answers to cable, port, card and switch.
  private static List<PodBond> bonds(String... answers) {
    List<JsonValue> reported = new ArrayList<>();
    List<BondedPod> pods = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      String name = "web-" + i;
      pods.add(pod(name, "u" + i, "bond0"));
      reported.add(
          Scene.yaml(
                  "{namespace: demo, pod: %s, bond: bond0, network: demo/storage, health: Healthy}"
                      .formatted(name))
              .with("survives", survives(answers[i].split(" ", -1)))
              .with("vfLag", new JsonString(answers[i].endsWith(" lag") ? "bond7" : "")));
    }
    NodeReport report = NodeReport.of("n1", JsonObject.of("bonds", new JsonArray(reported)));
    return PodBond.of("demo/storage", pods, _ -> Optional.of(report));
  }

  private static BondedPod pod(String name, String uid, String interfaceName) {
    return new BondedPod(
        "demo", name, uid, "n1", List.of(new BondUse("demo/storage", interfaceName)), 1, List.of());
  }

  private static JsonArray survives(String... answers) {
    List<JsonValue> said = new ArrayList<>();
    List<String> failures = List.of("cable", "port", "card", "switch");
    for (int i = 0; i < failures.size(); i++) {
      if (i < answers.length && !answers[i].equals("?")) {
        said.add(
            Scene.yaml(
                "{failure: %s, answer: '%s', how: LACPPartner, shared: '%s'}"
                    .formatted(failures.get(i), answers[i], PARTNER)));
      }
    }
    return new JsonArray(said);
  }

  private static List<String> reasons(String bond, String... answers) {
    return findings(bond, answers).stream().map(found -> found.reason().toString()).toList();
  }

  private static List<Finding> findings(String bond, String... answers) {
    JsonObject sum = Scene.yaml("{total: %d}".formatted(answers.length));
    return ObservedFindings.in(
        bond(bond), Optional.of(ObservedFindings.with(sum, bond(bond), bonds(answers))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          survive: []       | Yes Yes No Yes            |
          survive: []       | Yes Yes Yes ?             |
          survive: []       | Yes Yes Yes ProbablyNot   | SameSwitch
          survive: []       | No No No No               |
          survive: []       | Yes Yes No ? lag          | VfLag
          survive: [card]   | Yes Yes No Yes            | SurvivalUnmet
          survive: [card]   | Yes Yes ProbablyNot Yes   | SurvivalUnmet
          survive: [card]   | Yes Yes Probably Yes      |
          survive: [card]   | Yes Yes ? Yes             | SurvivalUnproven
          survive: [card]   | Yes Yes Yes No            | SameSwitch
          survive: [switch] | Yes Yes No Probably       |
          survive: [switch] | Yes Yes Yes ProbablyNot   | SurvivalUnmet
          survive: [switch] | Yes Yes Yes ?             | SurvivalUnproven
          survive: [cable]  | No No No No               | SurvivalUnmet
          """)
  void whatABondTellsIsNamed(String bond, String answers, String expected) {
    assertThat(reasons(bond, answers))
        .isEqualTo(expected == null ? List.of() : List.of(expected.split(", ")));
  }

  @Test
  void aBondIsNamedWithItsPodAndNodeAndOfManyTheFirst() {
    Finding one = findings("survive: [card]", "Yes Yes No Yes", "Yes Yes Yes Yes").getFirst();
    assertThat(one.message())
        .isEqualTo(
            "spec.survive has card, which these bonds do not survive, as far as their nodes tell:"
                + " demo/web-0 bond0 on n1; kubectl bond describe says by what that is known");
    String[] many =
        IntStream.range(0, 8).mapToObj(_ -> "Yes Yes Yes ProbablyNot").toArray(String[]::new);
    assertThat(findings("survive: []", many).getFirst().message())
        .contains("one switch (" + PARTNER + ")", "demo/web-4 bond0 on n1 and 3 more")
        .doesNotContain("web-5");
  }

  /// Otherwise a bond that does not survive a card would be as expected once its node's agent dies.
  @Test
  void ofASilentNodesBondsNothingIsProven() {
    List<PodBond> silent =
        PodBond.of(
            "demo/storage",
            List.of(pod("web-0", "u0", "bond0"), pod("web-1", "u1", "")),
            _ -> Optional.empty());
    BondNetwork bond = bond("survive: [card]");
    List<Finding> findings =
        ObservedFindings.in(
            bond, Optional.of(ObservedFindings.with(Scene.yaml("{total: 2}"), bond, silent)));

    assertThat(findings).extracting(Finding::reason).containsExactly(Reason.SURVIVAL_UNPROVEN);
    assertThat(findings.getFirst().message())
        .endsWith(": demo/web-0 bond0 on n1, demo/web-1 on n1");
  }

  /// A pod that was just made is not yet reported.
  @Test
  void whatANodeDoesNotReportTellsNothing() {
    List<PodBond> unreported =
        PodBond.of(
            "demo/storage",
            List.of(pod("web-0", "u0", "bond0")),
            _ -> Optional.of(NodeReport.of("n1", JsonObject.of())));

    assertThat(unreported).isEmpty();
  }

  @Test
  void theSwitchIsUnprovenUntilSomebodyTells() {
    assertThat(reasons("survive: [switch]")).containsExactly("SurvivalUnproven");
    List<Finding> unwatched = ObservedFindings.in(bond("survive: [switch]"), Optional.empty());
    assertThat(unwatched).extracting(Finding::reason).containsExactly(Reason.SURVIVAL_UNPROVEN);
    assertThat(unwatched.getFirst().message()).contains("agent.nodeState.enabled: true");
    assertThat(ObservedFindings.in(bond("survive: [card]"), Optional.empty())).isEmpty();
  }

  /// Whoever may write a status must not refuse pods.
  @Test
  void aStatusThatSomebodyWroteRefusesNobody() {
    JsonObject forged =
        Scene.yaml(
            "{total: 1, findings: [{reason: InvalidBond, message: x}, {reason: 7}, {reason: VfLag,"
                + " message: y}, {}]}");
    assertThat(ObservedFindings.in(bond("survive: []"), Optional.of(forged)))
        .containsExactly(new Finding(Reason.VF_LAG, "y"));
  }

  @Test
  void theyAreInTheConditionsAndLastInTheStatus() {
    JsonObject sum =
        ObservedFindings.with(
            Scene.yaml("{total: 1}"), bond("mtu: 1500"), bonds("Yes Yes No ? lag"));
    Assessment seen = Scene.sound().assess().observing(Optional.of(sum));
    assertThat(seen.findings()).extracting(Finding::reason).containsExactly(Reason.VF_LAG);
    assertThat(seen.nodes()).isEqualTo(Scene.sound().assess().nodes());
    assertThat(Scene.sound().assess().observing(Optional.empty()))
        .isEqualTo(Scene.sound().assess());
  }
}
