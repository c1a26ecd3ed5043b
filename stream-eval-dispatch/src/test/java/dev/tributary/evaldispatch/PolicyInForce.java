package dev.tributary.evaldispatch;

import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import java.util.List;

/** The records that put a policy in force. */
final class PolicyInForce {
  private PolicyInForce() {}

  /** The policy's row, and the manifest that completes its version. */
  static List<Reference> of(String policy) {
    return of(policy, 1);
  }

  static List<Reference> of(String policy, long version) {
    Reference row =
        Reference.newBuilder()
            .setTenant(Traces.TENANT)
            .setKind(ReferenceKind.POLICY)
            .setId("answers")
            .setTimeline(
                List.of(
                    ReferenceRow.newBuilder().setAddedIn(version).setPayloadJson(policy).build()))
            .build();
    Reference manifest =
        Reference.newBuilder()
            .setTenant(Traces.TENANT)
            .setKind(ReferenceKind.MANIFEST)
            .setId("reference")
            .setManifest(new Manifest(version, "v" + version, 1L, "", 0L, null))
            .build();
    return List.of(row, manifest);
  }
}
