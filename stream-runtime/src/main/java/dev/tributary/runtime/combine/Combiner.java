package dev.tributary.runtime.combine;

/**
 * How contributions become a partial aggregate. The order of contributions must not matter, and a
 * key's partials, drained at any moments, must add up downstream to the same total.
 *
 * @param <K> what is aggregated by; with equality
 * @param <D> one contribution
 * @param <P> the partial aggregate; mutable, owned by the store until it is drained
 */
public interface Combiner<K, D, P> {
  /** A partial without contributions. */
  P empty(K key);

  /**
   * Adds a contribution in place.
   *
   * <p>Must not fail: whatever can be wrong with a record is found before the first contribution of
   * it is added, or a handled exception would leave the record half counted.
   */
  void add(P partial, D contribution);
}
