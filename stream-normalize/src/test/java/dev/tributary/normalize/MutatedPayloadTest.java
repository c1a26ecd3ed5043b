package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged payloads: each is refused whole with a reason, or every span of it is normalised or
 * rejected, and every record can be written. {@code -Dtributary.fuzz.rounds=N} makes it long.
 */
class MutatedPayloadTest {
  private static final int ROUNDS = Integer.getInteger("tributary.fuzz.rounds", 1_500);

  static Stream<Long> seeds() {
    return Seeds.many(2);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void parseAndNormalize_mutatedPayload_everySpanAccountedFor(long seed) {
    List<String> proto = OtlpFixtures.names(".otlp.pb");
    List<String> json = OtlpFixtures.names(".otlp.json");
    Seeds.with(
        seed,
        generator -> {
          int opened = 0;
          for (int round = 0; round < ROUNDS; round++) {
            String file = generator.pick(generator.chance(50) ? proto : json);
            byte[] bytes = mutate(OtlpFixtures.bytes(file), generator);
            OtlpBatch batch;
            try {
              batch = file.endsWith(".json") ? OtlpJson.parse(bytes) : OtlpProto.parse(bytes);
            } catch (MalformedOtlpException e) {
              continue;
            }
            opened++;
            var results = OtlpFixtures.results(batch);
            assertThat(results).as("%s round %s", file, round).hasSize(batch.spanCount());
            for (var result : results) {
              if (result instanceof Normalized normalized) {
                AvroBytes.of(normalized.span());
                AvroBytes.hex(normalized.content());
              }
            }
          }
          assertThat(opened).isGreaterThan(ROUNDS / 10);
        });
  }

  private static byte[] mutate(byte[] bytes, Generator generator) {
    byte[] mutated = bytes.clone();
    int changes = generator.between(1, 6);
    for (int i = 0; i < changes; i++) {
      int at = generator.between(0, mutated.length - 1);
      switch (generator.between(0, 4)) {
        case 0 -> mutated[at] = (byte) generator.between(0, 255);
        case 1 -> mutated[at] ^= (byte) (1 << generator.between(0, 7));
        case 2 -> mutated[at] = (byte) "0123456789-\"{}[],nul".charAt(generator.between(0, 19));
        case 3 ->
            System.arraycopy(
                mutated, at, mutated, generator.between(0, at), Math.min(8, mutated.length - at));
        default -> mutated[at] = 0;
      }
    }
    return mutated;
  }
}
