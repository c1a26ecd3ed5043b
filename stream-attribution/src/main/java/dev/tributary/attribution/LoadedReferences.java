package dev.tributary.attribution;

import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.attribution.core.References;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The reference data that is in force, shared by all tasks of a topology. Swapped as a whole when a
 * manifest comes; versions that open traces still use are made when asked for and remembered.
 */
final class LoadedReferences implements References {
  private static final int REMEMBERED_VERSIONS = 8;

  private record Loaded(ReferenceIndex index, Map<Long, ReferenceView> views) {}

  private final Map<String, Loaded> byTenant = new ConcurrentHashMap<>();

  /** Puts a tenant's new index in force. */
  void swap(String tenant, ReferenceIndex index) {
    byTenant.put(tenant, new Loaded(index, remembering()));
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

  @Override
  public ReferenceView current(String tenant) {
    Loaded loaded = byTenant.get(tenant);
    return loaded == null ? ReferenceView.NOTHING : view(loaded, loaded.index().version());
  }

  @Override
  public ReferenceView version(String tenant, long version) {
    Loaded loaded = byTenant.get(tenant);
    return loaded == null || version == 0 || version > loaded.index().version()
        ? ReferenceView.NOTHING
        : view(loaded, version);
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
