package dev.tributary.attribution;

import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.attribution.core.References;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The reference data that is in force, shared by all tasks of a topology. Swapped as a whole when a
 * manifest comes; versions that open traces still use are made when asked for and remembered.
 *
 * <p>Each process reads reference data by itself, so a trace that moved here may be booked under a
 * version that has not come yet: its task waits for it for a while, and then stops.
 */
final class LoadedReferences implements References {
  private static final int REMEMBERED_VERSIONS = 8;

  private record Loaded(ReferenceIndex index, Map<Long, ReferenceView> views) {}

  private final Map<String, Loaded> byTenant = new ConcurrentHashMap<>();
  private final Object swapped = new Object();
  private final Duration patience;

  /**
   * Nothing loaded.
   *
   * @param patience how long a task waits for a version that its traces are booked under
   */
  LoadedReferences(Duration patience) {
    this.patience = patience;
  }

  /** Puts a tenant's new index in force. */
  void swap(String tenant, ReferenceIndex index) {
    synchronized (swapped) {
      byTenant.put(tenant, new Loaded(index, remembering()));
      swapped.notifyAll();
    }
  }

  private static Map<Long, ReferenceView> remembering() {
    return java.util.Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, ReferenceView> eldest) {
            return size() > REMEMBERED_VERSIONS;
          }
        });
  }

  /** The version in force; 0: none. */
  long activeVersion(String tenant) {
    Loaded loaded = byTenant.get(tenant);
    return loaded == null ? 0 : loaded.index().version();
  }

  @Override
  public ReferenceView current(String tenant) {
    Loaded loaded = byTenant.get(tenant);
    return loaded == null ? ReferenceView.NOTHING : view(loaded, loaded.index().version());
  }

  @Override
  public @Nullable ReferenceView find(String tenant, long version) {
    if (version == 0) {
      return ReferenceView.NOTHING;
    }
    Loaded loaded = byTenant.get(tenant);
    boolean isLoaded =
        loaded != null && version <= loaded.index().version() && loaded.index().isReadable(version);
    return loaded != null && isLoaded ? view(loaded, version) : null;
  }

  @Override
  public ReferenceView version(String tenant, long version) {
    ReferenceView found = find(tenant, version);
    if (found != null) {
      return found;
    }
    await(tenant, version);
    return References.super.version(tenant, version);
  }

  private void await(String tenant, long version) {
    long until = System.nanoTime() + patience.toNanos();
    synchronized (swapped) {
      try {
        while (find(tenant, version) == null) {
          long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
          if (left <= 0) {
            return;
          }
          swapped.wait(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the task is stopping; the version is still missing
      }
    }
  }

  private static ReferenceView view(Loaded loaded, long version) {
    ReferenceView known = loaded.views().get(version);
    if (known == null) {
      known = loaded.index().view(version);
      loaded.views().put(version, known);
    }
    return known;
  }
}
