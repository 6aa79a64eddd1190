package dev.podbond.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaseReaderTest {
  static final Path ROOT = Path.of(System.getProperty("podbond.parity", "."));

  private static List<Case> parse(String text) {
    return CaseReader.parse("some", text.lines().toList());
  }

  @Test
  void aCaseBeginsWithTheStepsOfItsFile() {
    List<Case> cases =
        parse(
            """
            # a comment
            dummies a net1 net2
            network bond 'type': 'bond', \\
              'mtu': 1400

            case one
            ADD
            expect exit 0
            case two
            DEL in b as net3 env CNI_ARGS=A=B;C without mtu with 'mode': 'balance-rr'
            """);
    assertThat(cases).extracting(Case::name).containsExactly("some/one", "some/two");
    assertThat(cases.get(0).steps())
        .hasSize(4)
        .first()
        .isEqualTo(new Step.Dummies("a", List.of("net1", "net2")));
    assertThat(cases.get(0).steps()).last().isEqualTo(new Step.Expect(Step.Whom.BOTH, "exit", "0"));
    assertThat(cases.get(1).steps().getLast())
        .isInstanceOfSatisfying(
            Step.Call.class,
            call -> {
              assertThat(call.title()).isEqualTo("DEL bond in b");
              assertThat(call.ifname()).isEqualTo("net3");
              assertThat(call.environment()).containsEntry("CNI_ARGS", "A=B;C");
              assertThat(call.without()).containsExactly("mtu");
              assertThat(call.with()).hasToString("{\"mode\":\"balance-rr\"}");
            });
  }

  @Test
  void whatCannotBeReadIsNamedWithItsLine() {
    assertThatThrownBy(() -> parse("case one\n\nPLUG bond\n"))
        .hasMessageContainingAll("some.cases:3", "PLUG");
    assertThatThrownBy(() -> parse("case one\nADD with 'mtu' 1\n"))
        .hasMessageContainingAll("some.cases:2", "'mtu' 1");
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void everyCaseHasANameOfItsOwnAndCalls(Suite suite) throws Exception {
    Set<String> names = new HashSet<>();
    for (Case each : suite.cases(ROOT)) {
      assertThat(names.add(each.name())).as(each.name()).isTrue();
      assertThat(each.steps()).as(each.name()).anyMatch(Step.Call.class::isInstance);
    }
    assertThat(names).isNotEmpty();
  }

  /// What was recorded is what would run now.
  @ParameterizedTest
  @EnumSource(Suite.class)
  void whatIsRecordedIsWhatTheCasesCallFor(Suite suite) throws Exception {
    Recording recorded = Recording.read(suite.recording(ROOT));
    assertThat(recorded.contestant()).contains("-cni ");
    assertThat(recorded.kernel()).isNotEmpty();
    assertThat(recorded.cases().keySet())
        .containsExactlyElementsOf(suite.cases(ROOT).stream().map(Case::name).toList());
    Map<String, Long> calls = new HashMap<>();
    for (Case each : suite.cases(ROOT)) {
      calls.put(each.name(), each.steps().stream().filter(Step.Call.class::isInstance).count());
    }
    recorded
        .cases()
        .forEach((name, outcomes) ->
            assertThat(calls).as(name).containsEntry(name, (long) outcomes.size()));
  }

  @Test
  void theUpstreamSuiteIsComplete() throws Exception {
    assertThat(Suite.BOND.cases(ROOT))
        .filteredOn(each -> each.name().startsWith("upstream/"))
        .hasSize(26)
        .allMatch(each -> each.steps().stream().anyMatch(Step.Expect.class::isInstance));
    assertThat(Recording.read(Suite.BOND.recording(ROOT)).cases().keySet())
        .filteredOn(name -> name.startsWith("upstream/"))
        .hasSize(26);
  }
}
