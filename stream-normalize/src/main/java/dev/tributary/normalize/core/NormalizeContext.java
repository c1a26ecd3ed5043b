package dev.tributary.normalize.core;

import dev.tributary.schemas.Keys;

/**
 * What normalising needs to know from outside the payload.
 *
 * @param tenant organisation that owns the records
 * @param nowUs wall clock, microseconds since the epoch
 */
public record NormalizeContext(String tenant, long nowUs) {
  /** Checks the tenant: it becomes part of keys. */
  public NormalizeContext {
    if (!Keys.isTenant(tenant)) {
      throw new IllegalArgumentException("not a tenant's name, " + tenant.length() + " characters");
    }
  }
}
