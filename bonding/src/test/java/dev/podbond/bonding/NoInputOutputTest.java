package dev.podbond.bonding;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The module descriptor cannot forbid parts of java.base; this does.
class NoInputOutputTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.podbond.bonding");

  private static final DescribedPredicate<JavaClass> ADDRESS_VALUES =
      type(InetAddress.class).or(type(Inet4Address.class)).or(type(Inet6Address.class));

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
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Clock.class, Instant.class, Random.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(System.class)
        .check(CORE);
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
