package dev.tributary.runtime.combine;

import java.util.Map;
import org.apache.kafka.streams.state.StoreBuilder;

/** Makes {@link CombiningStore}s for topologies. */
public final class CombiningStores {
  private CombiningStores() {}

  /**
   * A builder for {@code Topology.addStateStore} or {@code ProcessorSupplier.stores}.
   *
   * @param name kebab-case; no topic is made from it, since there is no changelog
   * @param combiner shared by all tasks, so without state of its own
   * @param maxEntries keys a task holds before it drains early; at least 1
   */
  public static <K, D, P> StoreBuilder<CombiningStore<K, D, P>> builder(
      String name, Combiner<K, D, P> combiner, int maxEntries) {
    return new Builder<>(name, combiner, maxEntries);
  }

  private static final class Builder<K, D, P> implements StoreBuilder<CombiningStore<K, D, P>> {
    private final String name;
    private final Combiner<K, D, P> combiner;
    private final int maxEntries;

    Builder(String name, Combiner<K, D, P> combiner, int maxEntries) {
      this.name = name;
      this.combiner = combiner;
      this.maxEntries = maxEntries;
    }

    @Override
    public CombiningStore<K, D, P> build() {
      return new CombiningStore<>(name, combiner, maxEntries);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean loggingEnabled() {
      return false;
    }

    @Override
    public Map<String, String> logConfig() {
      return Map.of();
    }

    @Override
    public StoreBuilder<CombiningStore<K, D, P>> withLoggingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<CombiningStore<K, D, P>> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<CombiningStore<K, D, P>> withLoggingEnabled(Map<String, String> config) {
      throw new UnsupportedOperationException(name + " is drained at commit, never restored");
    }

    @Override
    public StoreBuilder<CombiningStore<K, D, P>> withCachingEnabled() {
      throw new UnsupportedOperationException(name + " is itself the cache");
    }
  }
}
