package dev.tributary.runtime.reference;

import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import java.util.List;

/** What a topology makes of reference data. Called by one thread, per tenant. */
public interface ReferenceVersions {

  /** The version in force; 0: none. */
  long activeVersion(String tenant);

  /**
   * Puts a version in force.
   *
   * @param timelines all rows of the tenant, of every kind that was asked for
   * @throws IllegalArgumentException if it is incomplete or contradicts itself; the version before
   *     then stays in force
   */
  void use(String tenant, List<Reference> timelines, Manifest manifest);

  /**
   * Puts in force what the rows held at a version whose manifest is gone.
   *
   * @throws IllegalArgumentException if it cannot be read either
   */
  void useUpTo(String tenant, List<Reference> timelines, long version);

  /** A version was refused: count it and say why. */
  void refused(String tenant, String why);
}
