package dev.podbond.cluster.claim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RulesAtStartTest {
  /// The minor releases that an API server tells, one answer after the other; the operator started
  /// with 1.35.
  @ParameterizedTest
  @CsvSource({
    "36 36, false",
    "36 36 36, true",
    "36 37 36, true",
    "35 34 35 33, false",
    "36 36 35 36 36, false",
    "36 35 36 36 36, true",
    "36 36 36 36, true"
  })
  void threeAnswersInARowThatLeadToOtherRulesEndThem(String answers, boolean outdated) {
    RulesAtStart rules = new RulesAtStart(rules("35"));
    for (String minor : answers.split(" ")) {
      rules = rules.after(rules(minor));
    }

    assertThat(rules.areOutdated()).isEqualTo(outdated);
    assertThat(rules.rules()).isEqualTo(rules("35"));
  }

  private static ClaimRules rules(String minor) {
    return ClaimRules.of("class", ClaimRules.Comparison.AUTO, "1", minor);
  }
}
