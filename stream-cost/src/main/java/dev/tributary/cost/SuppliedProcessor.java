package dev.tributary.cost;

import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * A processor with the stores that belong to it.
 *
 * @param processor makes a new one for each task
 * @param stores its stores, in no order
 */
record SuppliedProcessor<K, V, T, W>(
    Supplier<Processor<K, V, T, W>> processor, Set<StoreBuilder<?>> stores)
    implements ProcessorSupplier<K, V, T, W> {

  @Override
  public Processor<K, V, T, W> get() {
    return processor.get();
  }
}
