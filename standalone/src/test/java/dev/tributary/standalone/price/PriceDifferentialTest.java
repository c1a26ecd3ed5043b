package dev.tributary.standalone.price;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.runtime.testing.TestData;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every model of the published list, by every name its conditions spell, at every date, hour and
 * input size where its price changes, against {@link ListEvaluator}: equal to the last digit.
 */
class PriceDifferentialTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** Division by an hour's 3,600 seconds need not end. */
  private static final BigDecimal LOOSE = new BigDecimal("1e-12");

  private static final Instant USUAL = Instant.parse("2026-11-15T12:00:00Z");
  private static final long SEED = Long.getLong("tributary.seed", 20_261_121L);

  private static JsonNode providers;
  private static ListEvaluator evaluator;
  private static PriceLines lines;

  private final Random random = new Random(SEED);
  private final List<String> wrong = new ArrayList<>();
  private int compared;

  @BeforeAll
  static void load() throws IOException {
    Path list = TestData.path("pricing/genai-prices-0.1.8.json");
    JsonNode root = JSON.readTree(Files.readString(list));
    providers = root.isArray() ? root : root.path("providers");
    evaluator =
        new ListEvaluator(
            providers,
            new YAMLMapper()
                .readTree(Files.readString(TestData.path("pricing/genai-prices-units.yml"))));
    PriceBook book = CatalogueFile.read("genai-prices:" + list);
    lines = new PriceLines(book, USUAL);
  }

  @Test
  void price_everyModelAtEveryBoundary() throws IOException {
    for (JsonNode provider : providers) {
      for (JsonNode model : provider.path("models")) {
        String seller = provider.path("id").asText();
        String name = model.path("id").asText();
        for (Instant at : moments(model.path("prices"))) {
          for (long input : inputs(model.path("prices"))) {
            compare(seller, name, at, cached(input));
          }
          for (Map<String, BigDecimal> usage : usages()) {
            compare(seller, name, at, usage);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).isGreaterThan(24_000);
  }

  @Test
  void resolve_everyNameOfEveryModel() throws IOException {
    Map<String, BigDecimal> usage = cached(1_000);
    for (JsonNode provider : providers) {
      String seller = provider.path("id").asText();
      for (JsonNode model : provider.path("models")) {
        Set<String> names = new TreeSet<>();
        addNames(model.path("match"), names);
        for (String name : names) {
          compare(seller, name, USUAL, usage);
          compare(null, name, USUAL, usage);
          switch (random.nextInt(8)) {
            case 0 -> compare(seller, " " + name.toUpperCase(Locale.ROOT) + " ", USUAL, usage);
            case 1 -> compare("litellm", seller + "/" + name, USUAL, usage);
            case 2 -> compare("LiteLLM", name, USUAL, usage);
            case 3 -> compare(seller, name + "-20250929", USUAL, usage);
            case 4 -> compare(seller, name + "-2025-09-29", USUAL, usage);
            case 5 -> compare("azure", name, USUAL, usage);
            case 6 -> compare("gcp.vertex_ai", name, USUAL, usage);
            default -> compare("aws.bedrock", "us." + name, USUAL, usage);
          }
          compare(
              seller, name.replaceFirst("-(20\\d\\d)-(\\d\\d)-(\\d\\d)", "-$1$2$3"), USUAL, usage);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).isGreaterThan(8_000);
  }

  private void compare(
      @Nullable String provider, String model, Instant at, Map<String, BigDecimal> usage)
      throws IOException {
    ObjectNode line = JSON.createObjectNode();
    line.put("provider_id", provider).put("model_ref", model).put("timestamp", at.toString());
    ObjectNode counts = line.putObject("usage");
    usage.forEach(counts::put);
    JsonNode answer = JSON.readTree(lines.price(line.toString(), 1));
    compared++;
    String status = answer.path("status").asText();
    JsonNode cost = answer.path("cost_usd");
    BigDecimal expected = null;
    boolean isRight;
    try {
      expected = evaluator.price(provider, model, at, usage);
      isRight =
          expected == null
              ? status.equals("unknown") && cost.isNull()
              : status.equals("priced") && isEqual(expected, cost, usage);
    } catch (ListEvaluator.Impossible e) {
      isRight = status.equals("rejected") && cost.isNull();
    }
    if (!isRight) {
      wrong.add("seed " + SEED + ": " + line + " -> " + answer + ", expected " + expected);
    }
  }

  private static boolean isEqual(
      BigDecimal expected, JsonNode cost, Map<String, BigDecimal> usage) {
    boolean isLoose = usage.keySet().stream().anyMatch(key -> key.endsWith("seconds"));
    return cost.isTextual()
        && new BigDecimal(cost.asText())
                .subtract(expected)
                .abs()
                .compareTo(isLoose ? LOOSE : BigDecimal.ZERO)
            <= 0;
  }

  /** Each moment at which a row begins, the one before it, and a usual one. */
  private static Set<Instant> moments(JsonNode prices) {
    Set<Instant> moments = new TreeSet<>(Set.of(USUAL));
    for (JsonNode row : prices.isArray() ? prices : new ObjectMapper().createArrayNode()) {
      JsonNode constraint = row.path("constraint");
      if (constraint.has("start_date")) {
        Instant from =
            LocalDate.parse(constraint.path("start_date").asText())
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        moments.addAll(Set.of(from, from.minusMillis(1)));
      }
      for (String bound : List.of("start_time", "end_time")) {
        if (constraint.has(bound)) {
          for (String day : List.of("2026-08-16", "2026-11-14")) {
            Instant time = Instant.parse(day + "T" + constraint.path(bound).asText());
            moments.addAll(Set.of(time, time.minusMillis(1)));
          }
        }
      }
    }
    return moments;
  }

  /** Each input size at which a tier begins, one less and one more, and some others. */
  private Set<Long> inputs(JsonNode prices) {
    Set<Long> inputs =
        new TreeSet<>(Set.of(0L, 1L, 1L + random.nextInt(90_000), 9_007_199_254_740L));
    for (JsonNode start : prices.findValues("start")) {
      long tier = start.asLong();
      inputs.addAll(Set.of(tier - 1, tier, tier + 1));
    }
    return inputs;
  }

  private Map<String, BigDecimal> cached(long input) {
    long read = input == 0 ? 0 : random.nextLong(input + 1);
    return counts(
        "input_tokens", input, "cache_read_tokens", read, "output_tokens", random.nextInt(9_999));
  }

  /** One usage of each kind; parts never exceed their wholes. */
  private List<Map<String, BigDecimal>> usages() {
    List<Map<String, BigDecimal>> usages = new ArrayList<>();
    int write = random.nextInt(5_000);
    int hour = random.nextInt(write + 1);
    usages.add(
        counts(
            "input_tokens",
            10_007,
            "cache_read_tokens",
            4_001,
            "cache_write_tokens",
            write,
            "cache_write_1h_tokens",
            hour,
            "cache_write_5m_tokens",
            write - hour,
            "output_tokens",
            503,
            "output_reasoning_tokens",
            random.nextInt(504)));
    usages.add(
        counts(
            "input_tokens",
            5_003,
            "input_audio_tokens",
            1_009,
            "output_tokens",
            211,
            "output_audio_tokens",
            101));
    usages.add(
        counts(
            "input_tokens",
            5_003,
            "input_audio_tokens",
            1_009,
            "cache_read_tokens",
            700,
            "cache_audio_read_tokens",
            307,
            "output_tokens",
            211));
    usages.add(
        counts(
            "input_tokens",
            5_003,
            "input_image_tokens",
            1_009,
            "cache_read_tokens",
            700,
            "cache_image_read_tokens",
            307,
            "output_tokens",
            211,
            "output_image_tokens",
            97));
    usages.add(
        counts(
            "input_tokens",
            5_003,
            "input_video_tokens",
            1_009,
            "output_tokens",
            211,
            "output_video_tokens",
            89,
            "output_citation_tokens",
            41));
    usages.add(counts("output_tokens", 1 + random.nextInt(9_999)));
    usages.add(counts("input_tokens", 0, "output_tokens", 0));
    usages.add(
        counts(
            "input_tokens",
            77,
            "output_tokens",
            7,
            "web_searches",
            3,
            "storage_searches",
            5,
            "code_executions",
            2,
            "social_searches",
            1,
            "requests",
            4));
    usages.add(counts("input_document_pages", 109, "input_annotated_document_pages", 17));
    usages.add(counts("audio_seconds", 127, "input_text_messages", 9));
    usages.add(counts("input_characters", 12_007, "rerank_searches", 3));
    return usages;
  }

  private static Map<String, BigDecimal> counts(Object... namesAndCounts) {
    Map<String, BigDecimal> counts = new HashMap<>();
    for (int i = 0; i < namesAndCounts.length; i += 2) {
      counts.put(
          (String) namesAndCounts[i],
          BigDecimal.valueOf(((Number) namesAndCounts[i + 1]).longValue()));
    }
    return counts;
  }

  private static void addNames(JsonNode rule, Set<String> names) {
    Map.Entry<String, JsonNode> only = rule.properties().iterator().next();
    String text = only.getValue().asText();
    switch (only.getKey()) {
      case "equals" -> names.add(text);
      case "starts_with" -> names.add(text + "-x");
      case "contains" -> names.add("a-" + text + "-b");
      case "ends_with" -> names.add("z" + text);
      case "or", "and" -> only.getValue().forEach(part -> addNames(part, names));
      default -> names.add("no-name-of-" + text);
    }
  }
}
