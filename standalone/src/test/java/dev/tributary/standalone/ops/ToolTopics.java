package dev.tributary.standalone.ops;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * What the code of the command-line tool does on a broker, found in its classes: a method that
 * makes a client and names a topic of the catalogue uses that topic with it.
 */
final class ToolTopics {
  private static final String ROOT = "dev.tributary.standalone";

  /** These are the instance's own: they run on the broker that it brings. */
  private static final Set<String> INSTANCE =
      Set.of(ROOT + ".platform", ROOT + ".otlp", ROOT + ".demo");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT)
          .that(DescribedPredicate.describe("the tool's", ToolTopics::isTool));

  private ToolTopics() {}

  /** A replay's own topics lie below a prefix of its own. */
  private static boolean isTool(JavaClass type) {
    return !INSTANCE.contains(type.getPackageName()) && !type.getSimpleName().equals("Shadow");
  }

  /** Topics that it has a producer for. */
  static Set<String> written() throws ReflectiveOperationException {
    return topics(unit -> makes(unit, KafkaProducer.class));
  }

  /** Topics that it has a consumer for. */
  static Set<String> read() throws ReflectiveOperationException {
    return topics(
        unit ->
            makes(unit, KafkaConsumer.class)
                || unit.getMethodCallsFromSelf().stream()
                    .map(JavaAccess::getTarget)
                    .anyMatch(ToolTopics::isReader));
  }

  private static boolean isReader(AccessTarget target) {
    return target.getOwner().getSimpleName().equals("CorrectionClients")
        && target.getName().equals("reader");
  }

  /** Every topic that it names, be it to ask where it ends. */
  static Set<String> named() throws ReflectiveOperationException {
    return topics(unit -> true);
  }

  /** Applications whose groups it asks for their progress. */
  static Set<String> awaited() throws ReflectiveOperationException {
    Set<String> names = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (JavaFieldAccess access : type.getFieldAccessesFromSelf()) {
        if (access.getTarget().getRawType().isEquivalentTo(StreamsApp.class)) {
          Class<?> owner = access.getTargetOwner().reflect();
          names.add(((StreamsApp) owner.getField(access.getTarget().getName()).get(null)).name());
        }
      }
    }
    return names;
  }

  private static boolean makes(JavaCodeUnit unit, Class<?> client) {
    return unit.getConstructorCallsFromSelf().stream()
        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(client));
  }

  private static Set<String> topics(Predicate<JavaCodeUnit> which)
      throws ReflectiveOperationException {
    Set<String> names = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        if (!which.test(unit)) {
          continue;
        }
        for (JavaFieldAccess access : unit.getFieldAccesses()) {
          if (access.getTargetOwner().isEquivalentTo(Topics.class)) {
            Object topic = Topics.class.getField(access.getTarget().getName()).get(null);
            names.add(((Topic<?, ?>) topic).name());
          }
        }
      }
    }
    return names;
  }
}
