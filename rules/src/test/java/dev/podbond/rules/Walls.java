package dev.podbond.rules;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.lang.ArchRule;

/// The wall around the one module that has no `module-info.java`.
final class Walls {
  private static final String OPERATOR = "dev.podbond.operator..";

  private Walls() {}

  static ArchRule theOperatorKnowsNoNode() {
    return noClasses()
        .that()
        .resideInAPackage(OPERATOR)
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.podbond..")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            OPERATOR,
                            "dev.podbond.value..",
                            "dev.podbond.json..",
                            "dev.podbond.https..",
                            "dev.podbond.bonding..",
                            "dev.podbond.cluster.."))))
        .because(
            "it runs beside the API server, where there is no kernel, agent or plugin to reach: move"
                + " what both need, if it is pure, to cluster or bonding");
  }

  static ArchRule nobodyUsesTheOperator() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(OPERATOR)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(OPERATOR)
        .because(
            "it stands on the Kubernetes client, which nothing on a node may load: move what is"
                + " wanted, if it is pure, to cluster");
  }
}
