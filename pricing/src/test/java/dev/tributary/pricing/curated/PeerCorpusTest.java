package dev.tributary.pricing.curated;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.InclusiveUsage;
import dev.tributary.pricing.PriceStatus;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.SurfaceTable;
import dev.tributary.pricing.TestData;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * An independent calculator's recorded results. Its catalogue is the source of the curated standard
 * prices, so every call that both price fully must cost the same to the last digit, and every usage
 * it refuses must be refused.
 */
class PeerCorpusTest {
  private static final BigDecimal LOOSE = new BigDecimal("1e-12");

  @Test
  void price_recordedCalls_agreeToTheLastDigit() throws JsonProcessingException {
    Catalogue catalogue = CuratedCatalogue.load();
    SurfaceTable surfaces = SurfaceTable.standard(Map.of("xai", "x_ai"));
    List<String> differences = new ArrayList<>();
    Set<String> onlyOurs = new TreeSet<>();
    int agreed = 0;
    int refused = 0;
    int notPeak = 0;
    for (String line : TestData.read("pricing/corpus-sample.jsonl").lines().toList()) {
      JsonNode call = new ObjectMapper().readTree(line);
      UsageResult usage = Usage.fromInclusive(inclusive(call.get("usage")));
      Priced priced = Pricer.price(catalogue, request(surfaces, call), usage);
      JsonNode expected = call.get("expected");
      switch (expected.get("status").asText()) {
        case "error" -> {
          assertThat(priced.status()).as(line).isEqualTo(PriceStatus.INVALID_USAGE);
          refused++;
        }
        case "unknown_model" -> {
          if (priced.cost() != null) {
            onlyOurs.add(call.get("provider_id").asText() + " " + call.get("model_ref").asText());
          }
        }
        default -> {
          if (peakHoursThatWereNot(call)) {
            notPeak++;
          } else if (priced.status() == PriceStatus.PRICED) {
            BigDecimal exact = new BigDecimal(expected.get("exact_total_usd").asText());
            // A special rule's amount was recorded in binary.
            BigDecimal off = exact.subtract(priced.cost()).abs();
            if (off.compareTo(expected.has("special_rule") ? LOOSE : BigDecimal.ZERO) <= 0) {
              agreed++;
            } else {
              differences.add(line + " -> " + priced);
            }
          }
        }
      }
    }

    assertThat(differences).isEmpty();
    // The peer does not match its own id codestral, and takes no gateway prefix off.
    assertThat(onlyOurs).containsExactly("mistral codestral", "openai openai/gpt-4o");
    assertThat(List.of(agreed, refused, notPeak)).isEqualTo(List.of(502, 27, 1));
  }

  /**
   * The peer's catalogue cannot say that DeepSeek's V4 peak hours began on a date and are suspended
   * at weekends; a comment in it says so. Ours can, so these calls differ on purpose.
   */
  private static boolean peakHoursThatWereNot(JsonNode call) {
    OffsetDateTime at = Instant.parse(call.get("timestamp").asText()).atOffset(ZoneOffset.UTC);
    boolean weekend =
        at.getDayOfWeek() == DayOfWeek.SATURDAY || at.getDayOfWeek() == DayOfWeek.SUNDAY;
    int hour = at.getHour();
    boolean peak = (hour >= 1 && hour < 4) || (hour >= 6 && hour < 10);
    return call.get("model_ref").asText().startsWith("deepseek-v4")
        && peak
        && (at.toLocalDate().isBefore(LocalDate.of(2026, 8, 17))
            || (weekend && !at.toLocalDate().isBefore(LocalDate.of(2026, 8, 23))));
  }

  private static PricingRequest request(SurfaceTable surfaces, JsonNode call) {
    JsonNode provider = call.get("provider_id");
    return new PricingRequest(
        surfaces.surfaceOf(provider.isNull() ? null : provider.asText()),
        call.get("model_ref").asText(),
        null,
        null,
        null,
        null,
        Instant.parse(call.get("timestamp").asText()));
  }

  private static InclusiveUsage inclusive(JsonNode usage) {
    Map<Bucket, Long> units = new EnumMap<>(Bucket.class);
    unit(units, Bucket.TOOL_WEB_SEARCH, usage, "web_searches");
    unit(units, Bucket.TOOL_FILE_SEARCH, usage, "storage_searches");
    unit(units, Bucket.PAGES, usage, "input_document_pages");
    unit(units, Bucket.SECONDS, usage, "input_audio_seconds");
    return new InclusiveUsage(
        count(usage, "input_tokens"),
        count(usage, "cache_read_tokens"),
        count(usage, "cache_write_tokens"),
        count(usage, "cache_write_5m_tokens"),
        count(usage, "cache_write_1h_tokens"),
        count(usage, "input_audio_tokens"),
        null,
        null,
        count(usage, "cache_audio_read_tokens"),
        null,
        count(usage, "output_tokens"),
        count(usage, "output_reasoning_tokens"),
        count(usage, "output_audio_tokens"),
        null,
        units);
  }

  private static void unit(Map<Bucket, Long> units, Bucket bucket, JsonNode usage, String field) {
    if (usage.hasNonNull(field)) {
      // A fraction of a second is a second here: what is billed at least is more.
      units.put(
          bucket, usage.get(field).decimalValue().setScale(0, RoundingMode.UP).longValueExact());
    }
  }

  private static Long count(JsonNode usage, String field) {
    return usage.hasNonNull(field) ? usage.get(field).asLong() : null;
  }
}
