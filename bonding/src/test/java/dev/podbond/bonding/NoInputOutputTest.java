package dev.podbond.bonding;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The module descriptor cannot forbid parts of java.base; this does.
class NoInputOutputTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.podbond.bonding");

  private static final DescribedPredicate<JavaClass> ADDRESS_VALUES =
      type(InetAddress.class).or(type(Inet4Address.class)).or(type(Inet6Address.class));

  /// A time that an edge has asked for, and how long something takes, are values.
  private static final DescribedPredicate<JavaClass> TIME_VALUES =
      type(Duration.class).or(type(Instant.class));

  /// Same facts, same plan.
  private static final ArchRule NEITHER_CLOCK_NOR_ENVIRONMENT_NOR_CHANCE =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.time..", "java.util.random..")
                  .and(DescribedPredicate.not(TIME_VALUES))
                  .or(simpleNameEndingWith("Random"))
                  .or(type(System.class))
                  .or(type(java.util.Date.class))
                  .or(simpleNameEndingWith("Calendar")))
          .orShould()
          .accessTargetWhere(
              to(Instant.class, "now")
                  .or(to(Math.class, "random"))
                  .or(to(StrictMath.class, "random"))
                  .or(to(UUID.class, "randomUUID"))
                  .or(to(java.util.Collections.class, "shuffle"))
                  .or(to(Integer.class, "getInteger"))
                  .or(to(Long.class, "getLong"))
                  .or(to(Boolean.class, "getBoolean")))
          .because("what it needs of them is passed to it as a value, by the edge that asks");

  private static DescribedPredicate<JavaAccess<?>> to(Class<?> owner, String method) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + method,
        access -> access.getTargetOwner().isEquivalentTo(owner) && access.getName().equals(method));
  }

  @Test
  void theCoreKnowsNoFilesSocketsOrNativeMemory() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio..", "java.lang.foreign..", "java.util.zip..")
                .or(resideInAPackage("java.net..").and(DescribedPredicate.not(ADDRESS_VALUES)))
                // Every exception inherits java.io.Serializable, and records and lambdas mention
                // it.
                .and(DescribedPredicate.not(type(java.io.Serializable.class))))
        .check(CORE);
  }

  @Test
  void theCoreKnowsNoNamesToLookUp() {
    noClasses().should().callMethod(InetAddress.class, "getByName", String.class).check(CORE);
    noClasses().should().callMethod(InetAddress.class, "getAllByName", String.class).check(CORE);
    noClasses().should().callMethod(InetAddress.class, "getLocalHost").check(CORE);
    noClasses().should().callMethod(InetAddress.class, "getHostName").check(CORE);
    noClasses().should().callMethod(InetAddress.class, "getCanonicalHostName").check(CORE);
    noClasses().should().callMethod(InetAddress.class, "isReachable", int.class).check(CORE);
  }

  @Test
  void theCoreStartsNoThreadsAndNoProcesses() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, Process.class, ProcessBuilder.class, ProcessHandle.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Runtime.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.concurrent..")
        .check(CORE);
  }

  @Test
  void theCoreAsksNeitherClockNorEnvironmentNorChance() {
    NEITHER_CLOCK_NOR_ENVIRONMENT_NOR_CHANCE.check(CORE);
  }

  /// Each of these does one thing of the kind that the rule is there for.
  @ParameterizedTest
  @ValueSource(
      classes = {
        OfTheClock.class,
        OfTheInstant.class,
        OfTheDate.class,
        OfTheTimer.class,
        OfTheEnvironment.class,
        OfMath.class,
        OfAUuid.class,
        OfAGenerator.class,
        OfTheThreads.class
      })
  void whoeverAsksThemIsFound(Class<?> asker) {
    assertThat(
            NEITHER_CLOCK_NOR_ENVIRONMENT_NOR_CHANCE
                .evaluate(new ClassFileImporter().importClasses(asker))
                .hasViolation())
        .isTrue();
  }

  private static final class OfTheClock {
    static final LocalTime NOW = LocalTime.now();
  }

  private static final class OfTheInstant {
    static final Instant NOW = Instant.now();
  }

  private static final class OfTheDate {
    static final java.util.Date NOW = new java.util.Date();
  }

  private static final class OfTheTimer {
    static final long NOW = System.nanoTime();
  }

  private static final class OfTheEnvironment {
    static final Integer LIMIT = Integer.getInteger("limit");
  }

  private static final class OfMath {
    static final double CHANCE = Math.random();
  }

  private static final class OfAUuid {
    static final Supplier<UUID> CHANCE = UUID::randomUUID;
  }

  private static final class OfAGenerator {
    static final RandomGenerator CHANCE = RandomGenerator.getDefault();
  }

  private static final class OfTheThreads {
    static final int CHANCE = ThreadLocalRandom.current().nextInt();
  }

  @Test
  void theCoreUsesNoReflection() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.lang.reflect..")
                .and(DescribedPredicate.not(type(java.lang.reflect.Array.class))))
        .check(CORE);
  }

  @Test
  void thePackagesOfTheCoreDependOnEachOtherInOneDirection() {
    slices().matching("dev.podbond.bonding.(*)..").should().beFreeOfCycles().check(CORE);
  }
}
