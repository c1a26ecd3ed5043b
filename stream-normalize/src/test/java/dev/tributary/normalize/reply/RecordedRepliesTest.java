package dev.tributary.normalize.reply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.normalize.reply.ReplyReading.Counted;
import dev.tributary.normalize.reply.ReplyReading.NoUsage;
import dev.tributary.runtime.testing.TestData;
import dev.tributary.schemas.UnitUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every recorded reply, read in place. The expectation is computed from the blocks by rules of each
 * provider's documentation, written down here a second time and independently of the reader.
 */
class RecordedRepliesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a reply must give; null: not stated. */
  private record Expected(
      @Nullable Long input,
      @Nullable Long cacheRead,
      @Nullable Long cacheWrite,
      @Nullable Long output,
      @Nullable Long reasoning,
      @Nullable Long searches) {}

  /** Figures of a provider. */
  private static final class Row {
    int replies;
    int withUsage;
    int noUsage;
    int exact;
  }

  @Test
  void everyReply_exactBucketsOrNoUsage() {
    // Given
    List<JsonNode> replies = replies();
    Map<String, Row> table = new TreeMap<>();
    List<String> wrong = new ArrayList<>();

    // When
    for (JsonNode reply : replies) {
      String provider = provider(reply.path("url").asText());
      Row row = table.computeIfAbsent(provider, unused -> new Row());
      row.replies++;
      ReplyReading reading = ReplyUsage.read(provider, null, body(reply));
      if (reply.path("usage").isEmpty()) {
        boolean isRight = reading instanceof NoUsage;
        row.noUsage += isRight ? 1 : 0;
        row.exact += isRight ? 1 : 0;
        wrong.addAll(isRight ? List.of() : List.of(reply + " gives " + reading));
      } else {
        row.withUsage++;
        boolean isRight = isExact(reply, reading) && isExact(reply, onlyBlocks(provider, reply));
        row.exact += isRight ? 1 : 0;
        wrong.addAll(isRight ? List.of() : List.of(reply + " gives " + reading));
      }
    }

    // Then
    print(table);
    assertThat(wrong).isEmpty();
    assertThat(replies).hasSize(894);
    assertThat(table.values().stream().mapToInt(row -> row.withUsage).sum()).isEqualTo(863);
    assertThat(table.values().stream().mapToInt(row -> row.noUsage).sum()).isEqualTo(31);
  }

  private static boolean isExact(JsonNode reply, ReplyReading reading) {
    if (!(reading instanceof Counted counted)) {
      return false;
    }
    ReplyTokens tokens = counted.tokens();
    UnitUsage units = tokens.toTokenUsage().getUnits();
    Expected expected = expected(reply);
    Expected found =
        new Expected(
            tokens.inputTotal(),
            tokens.cacheRead(),
            sum(tokens.cacheWrite5m(), tokens.cacheWrite1h()),
            tokens.outputTotal(),
            tokens.reasoning(),
            units == null ? null : units.getRerankQueries());
    return found.equals(expected) && isLossless(reply, counted);
  }

  /** Each number of the last block that states it is among the raw ones. */
  private static boolean isLossless(JsonNode reply, Counted counted) {
    JsonNode last = reply.path("usage").get(reply.path("usage").size() - 1).path("usage");
    for (Map.Entry<String, JsonNode> member : last.properties()) {
      if (member.getValue().isIntegralNumber()
          && !Long.valueOf(member.getValue().longValue())
              .equals(counted.raw().get(member.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static ReplyReading onlyBlocks(String provider, JsonNode reply) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode block : reply.path("usage")) {
      lines.append(block.path("usage")).append('\n');
    }
    return ReplyUsage.read(provider, null, lines.toString());
  }

  /** The reply rebuilt around its blocks: one body, or a stream of events. */
  private static String body(JsonNode reply) {
    boolean isStream = reply.path("stream").asBoolean();
    if (reply.path("usage").isEmpty()) {
      return "{\"error\":{\"code\":" + reply.path("status") + ",\"message\":\"no usage\"}}";
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode block : reply.path("usage")) {
      ObjectNode part = JSON.createObjectNode();
      part.set("model", reply.path("response_model"));
      part.putArray("choices").addObject().put("text", "{\"usage\":{\"prompt_tokens\":77777}}");
      ObjectNode at = part;
      String[] path = block.path("path").asText().substring(1).split("/");
      for (int i = 0; i < path.length - 1; i++) {
        at = at.putObject(path[i]);
      }
      at.set(path[path.length - 1], block.path("usage"));
      text.append(isStream ? "event: part\ndata: " + part + "\n\n" : part.toString());
    }
    return text + (isStream ? "data: [DONE]\n\n" : "");
  }

  private static Expected expected(JsonNode reply) {
    ObjectNode all = JSON.createObjectNode();
    for (JsonNode block : reply.path("usage")) {
      all.setAll((ObjectNode) block.path("usage"));
    }
    if (all.has("api_version") || all.has("billed_units")) {
      JsonNode billed = all.path("billed_units");
      return new Expected(
          number(billed, "input_tokens"),
          null,
          null,
          number(billed, "output_tokens"),
          null,
          number(billed, "search_units"));
    }
    if (all.has("promptTokenCount")) {
      Long thoughts = number(all, "thoughtsTokenCount");
      return new Expected(
          number(all, "promptTokenCount"),
          null,
          null,
          sum(number(all, "candidatesTokenCount"), thoughts),
          thoughts,
          null);
    }
    if (all.has("inputTokens")) {
      Long read = number(all, "cacheReadInputTokenCount");
      Long write = number(all, "cacheWriteInputTokenCount");
      Long input = sum(sum(number(all, "inputTokens"), read), write);
      return new Expected(input, read, write, number(all, "outputTokens"), null, null);
    }
    if (all.has("input_tokens") && !all.has("total_tokens")) {
      Long read = number(all, "cache_read_input_tokens");
      Long write = number(all, "cache_creation_input_tokens");
      Long input = sum(sum(number(all, "input_tokens"), read), write);
      return new Expected(input, read, write, number(all, "output_tokens"), null, null);
    }
    Long input = number(all, all.has("input_tokens") ? "input_tokens" : "prompt_tokens");
    Long output = number(all, all.has("output_tokens") ? "output_tokens" : "completion_tokens");
    return new Expected(
        input == null ? number(all, "total_tokens") : input,
        inDetails(all, "cached_tokens"),
        null,
        output,
        inDetails(all, "reasoning_tokens"),
        null);
  }

  private static @Nullable Long inDetails(JsonNode usage, String name) {
    for (Map.Entry<String, JsonNode> member : usage.properties()) {
      if (member.getKey().endsWith("_details") && member.getValue().has(name)) {
        return member.getValue().path(name).longValue();
      }
    }
    return null;
  }

  private static @Nullable Long number(JsonNode node, String name) {
    return node.path(name).isNumber() ? Long.valueOf(node.path(name).longValue()) : null;
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : Long.valueOf(a + b);
  }

  /** The provider by the host that answered. */
  private static String provider(String url) {
    String host = URI.create(url.replaceAll("[#?].*", "")).getHost();
    String[][] hosts = {
      {"anthropic.com", "anthropic"},
      {"bedrock", "aws.bedrock"},
      {"azure.com", "azure.ai.openai"},
      {"openai.com", "openai"},
      {"cohere.com", "cohere"},
      {"googleapis", "gcp.gemini"},
      {"groq", "groq"},
      {"mistral", "mistral_ai"},
      {"deepseek", "deepseek"},
      {"together", "together_ai"},
      {"voyage", "voyage_ai"},
      {"writer", "writer"},
      {"localhost", "self-hosted"}
    };
    for (String[] known : hosts) {
      if (host.contains(known[0])) {
        return known[1];
      }
    }
    return host;
  }

  private static void print(Map<String, Row> table) {
    System.out.printf(
        "%-26s %8s %11s %9s %6s%n", "provider", "replies", "with usage", "no usage", "exact");
    table.forEach(
        (provider, row) ->
            System.out.printf(
                "%-26s %8d %11d %9d %6d%n",
                provider, row.replies, row.withUsage, row.noUsage, row.exact));
    System.out.printf(
        "%-26s %8d %11d %9d %6d%n",
        "all",
        table.values().stream().mapToInt(row -> row.replies).sum(),
        table.values().stream().mapToInt(row -> row.withUsage).sum(),
        table.values().stream().mapToInt(row -> row.noUsage).sum(),
        table.values().stream().mapToInt(row -> row.exact).sum());
  }

  private static List<JsonNode> replies() {
    Path file = TestData.path("usage-blocks", "usage_blocks.jsonl");
    try {
      List<JsonNode> replies = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        replies.add(JSON.readTree(line));
      }
      return replies;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
