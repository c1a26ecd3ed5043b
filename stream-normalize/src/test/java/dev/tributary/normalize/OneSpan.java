package dev.tributary.normalize;

import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpSpan;
import java.util.List;

/** A span of now with nothing but what a test states, normalised. */
final class OneSpan {
  private static final long NOW_NANOS = OtlpFixtures.NOW.getEpochSecond() * 1_000_000_000L;

  private OneSpan() {}

  /** Names and values by turns. */
  static Attributes attributes(Object... namesAndValues) {
    Attributes.Builder builder = new Attributes.Builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /** What becomes of it under an instrumentation scope. */
  static Normalized of(
      String scope, String version, Attributes attributes, List<OtlpSpan.Link> links) {
    OtlpSpan span =
        new OtlpSpan(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            "",
            "",
            "call",
            NOW_NANOS - 1_000_000,
            NOW_NANOS,
            attributes,
            List.of(),
            links,
            0,
            "");
    OtlpBatch batch =
        new OtlpBatch(List.of(new OtlpBatch.Group(Attributes.NONE, scope, version, List.of(span))));
    return (Normalized) OtlpFixtures.results(batch).get(0);
  }
}
