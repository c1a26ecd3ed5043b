package dev.tributary.normalize;

import dev.tributary.normalize.core.Findings;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeRules;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.Pseudonyms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The recorded payloads of five instrumentations. */
final class OtlpFixtures {
  /** An hour after the recordings. */
  static final Instant NOW = Instant.parse("2026-11-20T23:00:00Z");

  static final NormalizeContext CONTEXT =
      new NormalizeContext("default", NOW.getEpochSecond() * 1_000_000);

  private static final NormalizeRules RULES = NormalizeConfig.defaults().rules();

  private OtlpFixtures() {}

  static Path folder() {
    try {
      return Path.of(
              Objects.requireNonNull(OtlpFixtures.class.getResource("/otlp/expected.jsonl"))
                  .toURI())
          .getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Names relative to the folder, sorted. */
  static List<String> names(String ending) {
    try (Stream<Path> files = Files.walk(folder(), 2)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .map(file -> folder().relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(folder().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OtlpBatch parse(String name) {
    try {
      byte[] bytes = bytes(name);
      return name.endsWith(".json") ? OtlpJson.parse(bytes) : OtlpProto.parse(bytes);
    } catch (MalformedOtlpException e) {
      throw new AssertionError(name, e);
    }
  }

  static Normalizer normalizer() {
    return normalizer(Findings.IGNORED);
  }

  static Normalizer normalizer(Findings findings) {
    return new Normalizer(RULES, new Pseudonyms("test secret", Map.of()), findings);
  }

  static List<NormalizeResult> results(OtlpBatch batch) {
    return normalizer().normalize(batch, CONTEXT);
  }

  /** All spans of a fixture; fails for a rejected one. */
  static List<Normalized> normalized(String name) {
    return results(parse(name)).stream().map(result -> (Normalized) result).toList();
  }
}
