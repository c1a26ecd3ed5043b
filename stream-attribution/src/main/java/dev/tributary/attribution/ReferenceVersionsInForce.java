package dev.tributary.attribution;

import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.runtime.reference.ReferenceVersions;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts versions of rate cards, ownership and policies in force, and shows which one it is. */
final class ReferenceVersionsInForce implements ReferenceVersions {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReferenceVersionsInForce.class);

  private final LoadedReferences loaded;
  private final ModuleMetrics metrics;

  ReferenceVersionsInForce(LoadedReferences loaded, ModuleMetrics metrics) {
    this.loaded = loaded;
    this.metrics = metrics;
  }

  @Override
  public long activeVersion(String tenant) {
    return loaded.activeVersion(tenant);
  }

  @Override
  public void use(String tenant, List<Reference> timelines, Manifest manifest) {
    use(tenant, ReferenceIndex.read(timelines, manifest), manifest.getLabel());
  }

  @Override
  public void useUpTo(String tenant, List<Reference> timelines, long version) {
    use(tenant, ReferenceIndex.readUpTo(timelines, version), "the last that can be read");
  }

  private void use(String tenant, ReferenceIndex index, String label) {
    boolean isFirst = loaded.activeVersion(tenant) == 0;
    loaded.swap(tenant, index);
    if (isFirst) {
      metrics.gauge(
          AttributionMetrics.REFERENCE_VERSION,
          loaded,
          references -> references.activeVersion(tenant),
          "tenant",
          tenant);
    }
    LOGGER
        .atInfo()
        .addKeyValue("tenant", tenant)
        .addKeyValue("version", index.version())
        .addKeyValue("label", label)
        .log("reference data is in force");
  }

  @Override
  public void refused(String tenant, String why) {
    metrics.counter(AttributionMetrics.REFERENCE_REFUSED, "tenant", tenant).increment();
    LOGGER
        .atError()
        .addKeyValue("tenant", tenant)
        .log("reference data is refused, the version before stays in force: {}", why);
  }
}
