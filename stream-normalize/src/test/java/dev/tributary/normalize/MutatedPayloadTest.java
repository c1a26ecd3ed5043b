package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged and hostile payloads: each is refused whole with a reason, or every span of it is
 * normalised or rejected with a reason, and every record can be written. The recorded payloads and
 * those of every dialect are damaged in their bytes and in the values of their attributes. {@code
 * -Dtributary.fuzz=100000} is the long form.
 */
class MutatedPayloadTest {
  private static final int ROUNDS = Integer.getInteger("tributary.fuzz", 3_000);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What no name promises: other types, extremes, structures, broken and deep JSON. */
  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "null",
          "NaN",
          "-1",
          "1e999999999",
          "9223372036854775808",
          "0x10",
          "{",
          "[",
          "{'a': {'b': [1, 2}",
          "{\"usage_metadata\": 7}",
          "{\"input_tokens\": -5, \"output_tokens\": 1e30, \"cache_creation\": []}",
          "{\"input\": \"many\", \"output\": 9223372036854775807, \"total\": -1}",
          "(1, 2)",
          "'\\",
          "\"",
          "\u0000\u0001",
          "\ud800",
          "[".repeat(3_000),
          "{\"a\":".repeat(2_000),
          "x".repeat(70_000));

  static Stream<Long> seeds() {
    return Seeds.many(1);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void parseAndNormalize_mutatedPayload_everySpanAccountedFor(long seed) {
    List<byte[]> proto = new ArrayList<>();
    OtlpFixtures.names(".otlp.pb").forEach(name -> proto.add(OtlpFixtures.bytes(name)));
    List<byte[]> json = new ArrayList<>();
    OtlpFixtures.names(".otlp.json").forEach(name -> json.add(OtlpFixtures.bytes(name)));
    for (DialectCases.Case dialectCase : DialectCases.all()) {
      json.add(DialectCases.bytes(dialectCase, UnaryOperator.identity()));
    }
    Normalizer normalizer = OtlpFixtures.normalizer();
    Seeds.with(
        seed,
        generator -> {
          int opened = 0;
          int spans = 0;
          for (int round = 0; round < ROUNDS; round++) {
            boolean isJson = generator.chance(70);
            byte[] bytes = generator.pick(isJson ? json : proto);
            boolean isStructural = isJson && generator.chance(60);
            byte[] mutated = isStructural ? hostile(bytes, generator) : mutate(bytes, generator);
            OtlpBatch batch;
            try {
              batch = isJson ? OtlpJson.parse(mutated) : OtlpProto.parse(mutated);
            } catch (MalformedOtlpException e) {
              assertThat(e.reason()).isNotNull();
              continue;
            }
            opened++;
            var results = normalizer.normalize(batch, OtlpFixtures.CONTEXT);
            assertThat(results).as("round %s", round).hasSize(batch.spanCount());
            results.forEach(MutatedPayloadTest::requireAccounted);
            spans += results.size();
          }
          assertThat(opened).isGreaterThan(ROUNDS / 10);
          System.out.printf(
              "%d payloads mutated, %d opened, %d spans accounted for%n", ROUNDS, opened, spans);
        });
  }

  private static void requireAccounted(NormalizeResult result) {
    if (result instanceof Normalized normalized) {
      AvroBytes.of(normalized.span());
      AvroBytes.hex(normalized.content());
    } else if (result instanceof RejectedSpan rejected) {
      assertThat(rejected.reason()).isNotNull();
      assertThat(rejected.detail()).isNotBlank();
    }
  }

  /** Other values under the same names, names twice, and names that belong elsewhere. */
  private static byte[] hostile(byte[] bytes, Generator generator) {
    JsonNode root;
    try {
      root = MAPPER.readTree(bytes);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    List<ArrayNode> lists = new ArrayList<>();
    collect(root, lists);
    int changes = generator.between(1, 5);
    for (int i = 0; i < changes && !lists.isEmpty(); i++) {
      ArrayNode attributes = generator.pick(lists);
      if (attributes.isEmpty()) {
        continue;
      }
      ObjectNode attribute =
          (ObjectNode) attributes.get(generator.between(0, attributes.size() - 1));
      switch (generator.between(0, 3)) {
        case 0 -> attribute.set("value", value(generator, 3));
        case 1 -> attributes.add(attribute.deepCopy().set("value", value(generator, 3)));
        case 2 -> {
          ArrayNode other = generator.pick(lists);
          if (!other.isEmpty()) {
            attribute.set(
                "key", other.get(generator.between(0, other.size() - 1)).path("key").deepCopy());
          }
        }
        default -> attribute.put("key", generator.pick(HOSTILE));
      }
    }
    try {
      return MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void collect(JsonNode node, List<ArrayNode> lists) {
    for (JsonNode member : node) {
      collect(member, lists);
    }
    if (node.path("attributes") instanceof ArrayNode attributes) {
      lists.add(attributes);
    }
  }

  private static ObjectNode value(Generator generator, int depth) {
    ObjectNode value = MAPPER.createObjectNode();
    switch (generator.between(0, depth > 0 ? 6 : 4)) {
      case 0 -> value.put("stringValue", generator.pick(HOSTILE));
      case 1 -> value.put("intValue", generator.chance(50) ? Long.MIN_VALUE : Long.MAX_VALUE);
      case 2 -> value.put("doubleValue", generator.chance(50) ? Double.MAX_VALUE : -0.5);
      case 3 -> value.put("boolValue", generator.chance(50));
      case 4 -> value.put("bytesValue", "AAEC");
      case 5 -> {
        ArrayNode items = value.putObject("arrayValue").putArray("values");
        for (int i = generator.between(0, 4); i > 0; i--) {
          items.add(value(generator, depth - 1));
        }
      }
      default -> {
        ArrayNode members = value.putObject("kvlistValue").putArray("values");
        for (int i = generator.between(0, 4); i > 0; i--) {
          ObjectNode member = members.addObject().put("key", generator.pick(HOSTILE));
          member.set("value", value(generator, depth - 1));
        }
      }
    }
    return value;
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
