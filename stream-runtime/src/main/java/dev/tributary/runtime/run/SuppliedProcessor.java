package dev.tributary.runtime.run;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * A processor with the stores that belong to it.
 *
 * @param processor makes a new one for each task
 * @param storeBuilders its stores; Kafka flushes them in this order
 */
public record SuppliedProcessor<K, V, T, W>(
    Supplier<Processor<K, V, T, W>> processor, List<StoreBuilder<?>> storeBuilders)
    implements ProcessorSupplier<K, V, T, W> {

  @Override
  public Processor<K, V, T, W> get() {
    return processor.get();
  }

  @Override
  public Set<StoreBuilder<?>> stores() {
    return new LinkedHashSet<>(storeBuilders);
  }
}
