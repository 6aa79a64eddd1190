package dev.podbond.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.podbond.agent.wire.wrong.Decoder;
import dev.podbond.agent.wrong.Starter;
import dev.podbond.node.wrong.NodeClass;
import dev.podbond.node.wrong.OperatorUser;
import dev.podbond.node.wrong.Permitter;
import dev.podbond.node.wrong.Speller;
import dev.podbond.node.wrong.Writer;
import dev.podbond.operator.wrong.CalendarReader;
import dev.podbond.operator.wrong.NodeUser;
import dev.podbond.operator.wrong.OperatorClass;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every class that is shipped is held against the rules, and every rule against a class that
/// breaks it in each of its ways.
final class RulesTest {
  private static final JavaClasses SHIPPED =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.podbond");

  /// @param of the rule, with classes that are left out
  /// @param breaker has one method for each way to break the rule, and nothing else
  private record Rule(
      String name, Function<Set<String>, ArchRule> of, Set<String> exceptions, Class<?> breaker) {
    ArchRule rule() {
      return of.apply(exceptions);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Rule> rules() {
    return List.of(
        new Rule(
            "addresses",
            RawCalls::addressesAreWrittenByTheVocabulary,
            RawCalls.SPELLERS,
            Speller.class),
        new Rule("files", RawCalls::filesAreWrittenAsStateFiles, RawCalls.WRITERS, Writer.class),
        new Rule("modes", RawCalls::modesAreGivenAtCreation, RawCalls.PERMITTERS, Permitter.class),
        new Rule(
            "threads",
            RawCalls::theAgentStartsThreadsInNamedPlacesOnly,
            RawCalls.STARTERS,
            Starter.class),
        new Rule("stdin", RawCalls::stdinStaysBytes, RawCalls.DECODERS, Decoder.class),
        new Rule(
            "the calendar",
            RawCalls::theOperatorAsksTheCalendarInNamedPlacesOnly,
            RawCalls.CALENDAR_READERS,
            CalendarReader.class),
        new Rule(
            "what the operator uses",
            _ -> Walls.theOperatorKnowsNoNode(),
            Set.of(),
            NodeUser.class),
        new Rule(
            "who uses the operator",
            _ -> Walls.nobodyUsesTheOperator(),
            Set.of(),
            OperatorUser.class));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatIsShippedKeepsTheRule(Rule rule) {
    rule.rule().check(SHIPPED);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void everyWayToBreakTheRuleIsFound(Rule rule) {
    List<String> found =
        rule.rule()
            .evaluate(
                new ClassFileImporter()
                    .importClasses(rule.breaker(), NodeClass.class, OperatorClass.class))
            .getFailureReport()
            .getDetails();

    assertThat(Arrays.stream(rule.breaker().getDeclaredMethods()).filter(m -> !m.isSynthetic()))
        .isNotEmpty()
        .allSatisfy(way ->
            assertThat(found)
                .anySatisfy(line -> assertThat(line).contains("." + way.getName() + "(")));
  }

  /// Of a module that is not on the class path the rules would say nothing.
  @Test
  void everyModuleIsSeen() {
    for (String module :
        Set.of(
            "value",
            "json",
            "https",
            "netlink",
            "cni",
            "ipam",
            "bonding",
            "metrics",
            "cluster",
            "node",
            "plugins",
            "agent",
            "reporter",
            "cli",
            "operator")) {
      assertThat(SHIPPED)
          .as(module)
          .anySatisfy(
              type -> assertThat(type.getPackageName()).startsWith("dev.podbond." + module));
    }
  }

  /// The name of a class that is gone, or that no longer makes the call, would let the next one in.
  @ParameterizedTest
  @MethodSource("rules")
  void everyExceptionIsNeeded(Rule rule) {
    for (String exception : rule.exceptions()) {
      Set<String> others = new HashSet<>(rule.exceptions());
      others.remove(exception);
      assertThat(rule.of().apply(others).evaluate(SHIPPED).getFailureReport().getDetails())
          .as(exception)
          .anySatisfy(line -> assertThat(line).contains(exception));
    }
  }
}
