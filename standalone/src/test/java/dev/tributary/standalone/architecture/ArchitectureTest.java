package dev.tributary.standalone.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.tributary.pricing.forbidden.ForbiddenImports;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dependency rules of CONTRIBUTING.md, over the classes of every module. */
class ArchitectureTest {
  private static final String[] STREAMS = {
    "dev.tributary.normalize..",
    "dev.tributary.attribution..",
    "dev.tributary.cost..",
    "dev.tributary.anomaly..",
    "dev.tributary.evaldispatch.."
  };

  private static final ArchRule STREAMS_MEET_ON_TOPICS =
      slices()
          .matching("dev.tributary.(normalize|attribution|cost|anomaly|evaldispatch)..")
          .should()
          .notDependOnEachOther()
          .because("stream modules meet on topics");

  private static final ArchRule CORES_ARE_PURE =
      noClasses()
          .that(
              resideInAnyPackage(
                      "dev.tributary..core..", "dev.tributary.pricing..", "dev.tributary.quality..")
                  .and(not(resideInAPackage("dev.tributary.pricing.curated.."))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.apache.kafka..", "java.net..", "java.nio.file..")
                  .or(
                      resideInAPackage("java.io..")
                          .and(not(simpleNameStartingWith("Serializable")))
                          .and(not(simpleNameStartingWith("ObjectStream")))
                          .and(not(simpleNameStartingWith("UncheckedIO")))
                          .and(not(simpleNameStartingWith("IOException")))))
          .because("cores take bytes and time as arguments");

  private static final ArchRule CORES_HAVE_NO_CLOCK =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.tributary..core..", "dev.tributary.pricing..", "dev.tributary.quality..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .because("time is an argument");

  private static final ArchRule DSL_ONLY_IN_TOPOLOGIES =
      noClasses()
          .that()
          .resideInAnyPackage(STREAMS)
          .and()
          .haveSimpleNameNotEndingWith("Topology")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams.kstream..")
          .because("a topology is read in one place");

  private static final ArchRule INTERNALS_IN_NAMED_CLASSES =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary..")
          .and()
          .doNotHaveFullyQualifiedName("dev.tributary.runtime.combine.CombiningStore")
          .and()
          .resideOutsideOfPackage("dev.tributary.embedded.kafka..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..internals..", "kafka..")
          .because("Kafka's internals may change; KafkaInternalsContractTest breaks when they do");

  private static final ArchRule ENVIRONMENT_IN_CONFIG =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary..")
          .and()
          .resideOutsideOfPackages("dev.tributary.runtime.config..", "dev.tributary.embedded..")
          .should()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class, String.class)
          .because("settings come from one place; embedded engines look for their own library");

  /** The two classes named tell how a session grew, and a sketch's latencies. */
  private static final ArchRule MONEY_IS_DECIMAL =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.tributary.pricing..",
              "dev.tributary.attribution.core..",
              "dev.tributary.cost.core..",
              "dev.tributary.sink.clickhouse.core..",
              "dev.tributary.console..")
          .and()
          .haveSimpleNameNotStartingWith("SessionCourse")
          .and()
          .haveSimpleNameNotStartingWith("SketchMapping")
          .should()
          .callMethod(BigDecimal.class, "doubleValue")
          .orShould()
          .callMethod(BigDecimal.class, "floatValue")
          .orShould()
          .callMethod(BigDecimal.class, "valueOf", double.class)
          .orShould()
          .callConstructor(BigDecimal.class, double.class)
          .because("an amount that was a binary fraction once is not exact any more");

  private static final ArchRule SINK_HAS_NO_STREAMS =
      noClasses()
          .that()
          .resideInAnyPackage("dev.tributary.sink..", "dev.tributary.evalworker..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams..")
          .because("the sink and the worker are plain clients");

  private static final ArchRule QUALITY_KNOWS_NOBODY =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.quality..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.tributary..")
                  .and(not(resideInAPackage("dev.tributary.quality.."))))
          .because("statistics are about numbers, whoever brings them");

  private static final ArchRule ROUTER_HAS_NO_STREAMS =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.alertrouter..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams..")
          .because("the router is a plain consumer");

  private static final ArchRule CONSOLE_READS_CLICKHOUSE_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.console..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", "java.sql..")
          .because("pages show what is in ClickHouse, over its HTTP interface");

  private static final ArchRule SIMULATOR_IS_INDEPENDENT =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.standalone.demo..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.tributary.pricing..",
              "dev.tributary.normalize..",
              "dev.tributary.attribution..",
              "dev.tributary.cost..",
              "dev.tributary.anomaly..",
              "dev.tributary.sink..")
          .because("its books must be able to contradict the product");

  private static JavaClasses classes;

  static Stream<ArchRule> rules() {
    return Stream.of(
        STREAMS_MEET_ON_TOPICS,
        CORES_ARE_PURE,
        CORES_HAVE_NO_CLOCK,
        DSL_ONLY_IN_TOPOLOGIES,
        INTERNALS_IN_NAMED_CLASSES,
        ENVIRONMENT_IN_CONFIG,
        MONEY_IS_DECIMAL,
        SINK_HAS_NO_STREAMS,
        QUALITY_KNOWS_NOBODY,
        ROUTER_HAS_NO_STREAMS,
        CONSOLE_READS_CLICKHOUSE_ALONE,
        SIMULATOR_IS_INDEPENDENT);
  }

  @BeforeAll
  static void importProduct() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // The test kit comes as a jar of its own.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.tributary");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rule_holds(ArchRule rule) {
    rule.check(classes);
  }

  /** The negative control: a class with a forbidden import is found. */
  @Test
  void forbiddenImport_isFound() {
    JavaClasses withForbidden = new ClassFileImporter().importClasses(ForbiddenImports.class);

    assertThat(CORES_ARE_PURE.evaluate(withForbidden).hasViolation()).isTrue();
    assertThat(CORES_HAVE_NO_CLOCK.evaluate(withForbidden).hasViolation()).isTrue();
    assertThat(MONEY_IS_DECIMAL.evaluate(withForbidden).hasViolation()).isTrue();
  }
}
