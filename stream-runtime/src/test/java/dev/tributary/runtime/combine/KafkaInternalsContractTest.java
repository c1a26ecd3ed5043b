package dev.tributary.runtime.combine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.processor.internals.ProcessorStateManager;
import org.apache.kafka.streams.processor.internals.StreamTask;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.junit.jupiter.api.Test;

/**
 * What {@link CombiningStore} relies on inside Kafka. When this fails after an upgrade: read {@code
 * StreamTask.prepareCommit} and {@code ProcessorStateManager.flushCache} of the new version, run
 * {@code CombiningStoreIT} in its long form, and only then change the expectations here.
 */
class KafkaInternalsContractTest {
  @Test
  void kafkaVersion_isTheOneThatWasRead() {
    assertThat(AppInfoParser.getVersion()).isEqualTo("4.3.1");
  }

  @Test
  void cachedStateStore_hasTheseMethodsOnly() {
    assertThat(CachedStateStore.class.isInterface()).isTrue();
    assertThat(
            new TreeSet<>(
                Arrays.stream(CachedStateStore.class.getMethods())
                    .filter(method -> Modifier.isAbstract(method.getModifiers()))
                    .map(Method::getName)
                    .toList()))
        .containsExactly("clearCache", "flushCache", "setFlushListener");
  }

  @Test
  void internalProcessorContext_knowsAndTakesTheCurrentNode() throws NoSuchMethodException {
    assertThat(InternalProcessorContext.class.getMethod("currentNode").getReturnType())
        .isEqualTo(ProcessorNode.class);
    assertThat(
            InternalProcessorContext.class
                .getMethod("setCurrentNode", ProcessorNode.class)
                .getReturnType())
        .isEqualTo(void.class);
  }

  @Test
  void task_flushesCachesBeforeItCommits() throws NoSuchMethodException {
    assertThat(ProcessorStateManager.class.getMethod("flushCache").getReturnType())
        .isEqualTo(void.class);
    List<String> names =
        Arrays.stream(StreamTask.class.getDeclaredMethods()).map(Method::getName).toList();
    assertThat(names).contains("prepareCommit", "postCommit");
  }
}
