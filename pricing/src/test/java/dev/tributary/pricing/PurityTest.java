package dev.tributary.pricing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The library reads nothing, knows no clock and computes money in decimals only. */
class PurityTest {

  private static JavaClasses classes;

  @BeforeAll
  static void load() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.tributary.pricing");
  }

  @Test
  void calculator_importsNeitherInputOutputNorKafka() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tributary.pricing.curated")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.net..", "java.nio..", "org.apache..")
        .check(classes);
  }

  @Test
  void library_readsNoClock() {
    noClasses().should().dependOnClassesThat().areAssignableTo(Clock.class).check(classes);
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(classes);
  }

  @Test
  void library_hasNoBinaryFloatingPoint() {
    noFields()
        .should()
        .haveRawType(double.class)
        .orShould()
        .haveRawType(float.class)
        .check(classes);
    noMethods()
        .should()
        .haveRawReturnType(double.class)
        .orShould()
        .haveRawReturnType(float.class)
        .check(classes);
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "returns a double or float",
                call ->
                    call.getTarget().getRawReturnType().isEquivalentTo(double.class)
                        || call.getTarget().getRawReturnType().isEquivalentTo(float.class)))
        .check(classes);
    noMethods().should(takeFloatingPoint()).check(classes);
  }

  private static com.tngtech.archunit.lang.ArchCondition<JavaMethod> takeFloatingPoint() {
    return com.tngtech.archunit.lang.ArchCondition.from(
        DescribedPredicate.describe(
            "take a double or float",
            method ->
                method.getRawParameterTypes().stream()
                    .anyMatch(
                        type ->
                            type.isEquivalentTo(double.class)
                                || type.isEquivalentTo(float.class))));
  }
}
