package dev.tributary.standalone.reference;

import dev.tributary.attribution.ReferenceIndex;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.standalone.platform.PlatformException;
import java.util.Map;

/** The versions of a tenant's reference data as they stand on {@code llm.ref}. */
public final class ReferenceVersions {
  private final ReferenceIndex index;
  private final long active;

  private ReferenceVersions(ReferenceIndex index, long active) {
    this.index = index;
    this.active = active;
  }

  /**
   * Reads them.
   *
   * @throws PlatformException when none was published, or what was published cannot be used
   */
  public static ReferenceVersions read(Settings settings, String tenant) {
    Map<String, Reference> current;
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      current = log.read(tenant);
    }
    Reference record = current.get(ReferenceTimelines.manifestKey(tenant));
    Manifest manifest = record == null ? null : record.getManifest();
    if (manifest == null) {
      throw new PlatformException("no reference data is published for tenant " + tenant);
    }
    try {
      return new ReferenceVersions(
          ReferenceIndex.read(current.values(), manifest), manifest.getVersion());
    } catch (IllegalArgumentException e) {
      throw new PlatformException(
          "reference data of tenant " + tenant + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** The version in force. */
  public long active() {
    return active;
  }

  /**
   * What a version says.
   *
   * @throws PlatformException when there is no such version yet
   */
  public ReferenceView view(long version) {
    if (version < 1 || version > active) {
      throw new PlatformException(
          "reference version " + version + " does not exist; the active one is " + active);
    }
    return index.view(version);
  }
}
