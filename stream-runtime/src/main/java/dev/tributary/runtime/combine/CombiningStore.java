package dev.tributary.runtime.combine;

import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Partial aggregates on the heap of a task that are drained before each commit, inside the
 * transaction of the records they came from. So they need no changelog: what a killed instance held
 * belongs to records whose offsets were not committed either, and they are read again.
 *
 * <p>This is the one class that uses Kafka's internals (4.3.1). {@code StreamTask.prepareCommit}
 * flushes only stores that implement {@code CachedStateStore}, before the producer is flushed and
 * the transaction is committed; {@code StateStore.commit} runs after the transaction, a punctuator
 * at any other moment: both lose records. {@code KafkaInternalsContractTest} fails when an upgrade
 * changes what is relied on here.
 *
 * <p>Exact only under {@code exactly_once_v2}. Memory is bounded by the number of entries: a full
 * store is drained early, in the same transaction. For use on the task's thread only.
 *
 * @param <K> what is aggregated by
 * @param <D> one contribution
 * @param <P> the partial aggregate
 */
public final class CombiningStore<K, D, P> implements StateStore, CachedStateStore<K, P> {
  private final String name;
  private final Partials<K, D, P> partials;
  private boolean isOpen;
  private @Nullable InternalProcessorContext<?, ?> context;
  private @Nullable ProcessorNode<?, ?, ?, ?> node;
  private @Nullable DrainTarget<K, P> target;
  private long added;
  private long drained;

  CombiningStore(String name, Combiner<K, D, P> combiner, int maxEntries) {
    this.name = name;
    this.partials = new Partials<>(combiner, maxEntries);
  }

  /**
   * Says where partials go; called in {@code Processor.init}, where the context still knows which
   * node is being initialised: a forward at commit happens as if this processor made it.
   *
   * @param processorContext the one given to {@code init}
   * @throws IllegalStateException with a context that is not Kafka's own, as a {@code
   *     MockProcessorContext}
   */
  public void drainTo(ProcessorContext<?, ?> processorContext, DrainTarget<K, P> drainTarget) {
    if (!(processorContext instanceof InternalProcessorContext<?, ?> internal)) {
      throw new IllegalStateException(
          "needs the context of a running task, not a " + processorContext.getClass().getName());
    }
    ProcessorNode<?, ?, ?, ?> current = internal.currentNode();
    if (current == null) {
      throw new IllegalStateException("call this in Processor.init");
    }
    context = internal;
    node = current;
    target = drainTarget;
  }

  /**
   * Adds a contribution. When the store is full afterwards it is drained at once, so a reference to
   * a partial must not be kept.
   */
  public void add(K key, D contribution) {
    added++;
    if (partials.add(key, contribution)) {
      drain(DrainCause.FULL);
    }
  }

  /** The partial of a key as it is now, to look at; null when there is none. */
  public @Nullable P peek(K key) {
    return partials.peek(key);
  }

  /** Entries held now. */
  public int size() {
    return partials.size();
  }

  /** Contributions added since the store was made. */
  public long added() {
    return added;
  }

  /** Partials handed over since the store was made; added / drained is what combining saves. */
  public long drained() {
    return drained;
  }

  /** Called by the task before it flushes its producer and commits. */
  @Override
  public void flushCache() {
    drain(DrainCause.COMMIT);
  }

  private void drain(DrainCause cause) {
    InternalProcessorContext<?, ?> at = context;
    DrainTarget<K, P> to = target;
    if (at == null || to == null) {
      if (partials.size() > 0) {
        throw new IllegalStateException(name + " holds partials but drainTo was not called");
      }
      return;
    }
    ProcessorNode<?, ?, ?, ?> before = at.currentNode();
    at.setCurrentNode(node);
    try {
      drained += partials.drain(to, cause);
    } finally {
      at.setCurrentNode(before);
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** Also called on a revived task, with the same object: what it held is read again. */
  @Override
  public void init(StateStoreContext stateStoreContext, StateStore root) {
    partials.clear();
    stateStoreContext.register(
        root,
        (key, value) -> {
          throw new IllegalStateException(name + " has no changelog to restore from");
        });
    isOpen = true;
  }

  @Override
  public void close() {
    partials.clear();
    isOpen = false;
  }

  /** Called when a task changes from active to standby: its records are another's now. */
  @Override
  public void clearCache() {
    partials.clear();
  }

  @Override
  public boolean setFlushListener(CacheFlushListener<K, P> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return isOpen;
  }
}
