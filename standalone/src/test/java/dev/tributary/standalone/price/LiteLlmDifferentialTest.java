package dev.tributary.standalone.price;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.runtime.testing.TestData;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every entry of the recorded excerpt of LiteLLM's map, in every class of service and on both sides
 * of every input size, against a reading of its fields that knows no cards.
 */
class LiteLlmDifferentialTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final Pattern ABOVE = Pattern.compile("_above_(\\d+)k_tokens");

  private static final Map<String, String> SUFFIXES =
      Map.of("standard", "", "batch", "_batches", "flex", "_flex", "priority", "_priority");

  private static final Map<String, String> FIELDS =
      Map.of(
          "input", "input_cost_per_token",
          "cache_read", "cache_read_input_token_cost",
          "cache_write_5m", "cache_creation_input_token_cost",
          "output", "output_cost_per_token",
          "audio", "input_cost_per_audio_token",
          "reasoning", "output_cost_per_reasoning_token");

  private final List<String> wrong = new ArrayList<>();
  private int compared;
  private PriceLines lines;

  @Test
  void price_everyEntryTierAndInputSize() throws IOException {
    Path file = TestData.path("pricing/litellm-sample.json");
    lines = new PriceLines(CatalogueFile.read("litellm:" + file), Instant.EPOCH);
    JsonNode map = JSON.readTree(Files.readString(file));
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      JsonNode fields = entry.getValue();
      boolean isPriced =
          fields.path("input_cost_per_token").asDouble() > 0
              && !entry.getKey().equals("deepseek/deepseek-v4-pro");
      for (String tier : isPriced ? SUFFIXES.keySet() : Set.<String>of()) {
        for (long input : inputs(fields)) {
          compare(entry.getKey(), fields, tier, null, input);
          for (String region : List.of("us", "eu")) {
            if (factor(fields, region).compareTo(BigDecimal.ONE) != 0) {
              compare(entry.getKey(), fields, tier, region, input);
            }
          }
        }
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(compared).isGreaterThan(1_000);
  }

  private void compare(
      String key, JsonNode fields, String tier, @Nullable String region, long input)
      throws IOException {
    Map<String, Long> counts = new HashMap<>();
    counts.put("cache_read", 700L);
    counts.put("cache_write_5m", 300L);
    counts.put("audio", 110L);
    counts.put("input", input - 1_110);
    counts.put("reasoning", 70L);
    counts.put("output", 930L);
    BigDecimal factor = region == null ? BigDecimal.ONE : factor(fields, region);
    BigDecimal expected = BigDecimal.ZERO;
    boolean isKnown = isStated(fields, SUFFIXES.get(tier), input);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      BigDecimal rate = rate(fields, FIELDS.get(count.getKey()), SUFFIXES.get(tier), input);
      if (rate != null) {
        expected = expected.add(rate.multiply(BigDecimal.valueOf(count.getValue())));
      }
    }
    ObjectNode line = JSON.createObjectNode();
    line.put("provider_id", fields.path("litellm_provider").asText()).put("model_ref", key);
    line.put("service_tier", tier).put("region", region);
    line.putObject("usage")
        .put("input_tokens", input)
        .put("cache_read_tokens", 700)
        .put("cache_write_tokens", 300)
        .put("input_audio_tokens", 110)
        .put("output_tokens", 1_000)
        .put("output_reasoning_tokens", 70);
    JsonNode answer = JSON.readTree(lines.price(line.toString(), 1));
    compared++;
    JsonNode cost = answer.path("cost_usd");
    boolean isRight =
        isKnown
            ? cost.isTextual() && withoutFees(answer).compareTo(expected.multiply(factor)) == 0
            : cost.isNull();
    if (!isRight) {
      wrong.add(line + " -> " + answer + ", expected " + (isKnown ? expected : null));
    }
  }

  /** Fees of a request come beside the tokens. */
  private static BigDecimal withoutFees(JsonNode answer) {
    BigDecimal fee = new BigDecimal(answer.path("cost_lines").path("request").asText("0"));
    return new BigDecimal(answer.path("cost_usd").asText()).subtract(fee);
  }

  /** A tier that says nothing about long inputs, where standard costs more, has no price there. */
  private static boolean isStated(JsonNode fields, String suffix, long input) {
    boolean isAny = false;
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      isAny |= isOf(field.getKey(), suffix) && field.getValue().isNumber();
    }
    for (long threshold : thresholds(fields, "")) {
      boolean isAbove = isAbove(fields, input, threshold);
      if (isAbove && !thresholds(fields, suffix).contains(threshold)) {
        return false;
      }
    }
    return isAny;
  }

  private static boolean isOf(String field, String suffix) {
    return FIELDS.values().stream()
        .anyMatch(name -> field.replaceFirst("_above_\\d+k_tokens", "").equals(name + suffix));
  }

  private static boolean isAbove(JsonNode fields, long input, long threshold) {
    boolean isAtLeast = fields.path("litellm_provider").asText().equals("xai");
    return isAtLeast ? input >= threshold : input > threshold;
  }

  private static @Nullable BigDecimal rate(
      JsonNode fields, String name, String suffix, long input) {
    JsonNode rate = fields.path(name + suffix);
    for (long threshold : thresholds(fields, suffix)) {
      JsonNode above = fields.path(name + "_above_" + threshold / 1_000 + "k_tokens" + suffix);
      rate = isAbove(fields, input, threshold) && above.isNumber() ? above : rate;
    }
    if (rate.isMissingNode() && name.equals(FIELDS.get("cache_read"))) {
      rate = fields.path("input_cost_per_token_cache_hit" + suffix);
    }
    return rate.isNumber() ? rate.decimalValue() : null;
  }

  private static TreeSet<Long> thresholds(JsonNode fields, String suffix) {
    TreeSet<Long> thresholds = new TreeSet<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      Matcher above = ABOVE.matcher(field.getKey());
      if (above.find() && field.getKey().substring(above.end()).equals(suffix)) {
        thresholds.add(Long.parseLong(above.group(1)) * 1_000);
      }
    }
    return thresholds;
  }

  private static Set<Long> inputs(JsonNode fields) {
    Set<Long> inputs = new TreeSet<>(Set.of(1_200L, 50_000L));
    for (long threshold : thresholds(fields, "")) {
      inputs.addAll(Set.of(threshold - 1, threshold, threshold + 1));
    }
    return inputs;
  }

  private static BigDecimal factor(JsonNode fields, String region) {
    JsonNode byField = fields.path("regional_processing_uplift_multiplier_" + region);
    JsonNode byName = fields.path("provider_specific_entry").path(region);
    JsonNode factor = byField.isNumber() ? byField : byName;
    return factor.isNumber() ? factor.decimalValue() : BigDecimal.ONE;
  }
}
