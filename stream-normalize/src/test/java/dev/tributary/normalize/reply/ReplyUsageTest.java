package dev.tributary.normalize.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.reply.ReplyReading.Counted;
import dev.tributary.normalize.reply.ReplyReading.Invalid;
import dev.tributary.normalize.reply.ReplyReading.NoUsage;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams, facts, contradictions and junk. */
class ReplyUsageTest {
  @Test
  void read_awsEventStreamText_partsAmongBinary() {
    // Given
    String inner = "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9}}}";
    String encoded = Base64.getEncoder().encodeToString(inner.getBytes(StandardCharsets.UTF_8));
    String body =
        "\u0000\u0000\u0001K:event-type\u0007\u0000\u0005chunk\uFFFD{\"bytes\":\""
            + encoded
            + "\",\"p\":\"abc\"}\u0003{\uFFFD\u0000:event-type\u0007metadata{\"usage\":"
            + "{\"inputTokens\":9,\"outputTokens\":4,\"totalTokens\":13}}";

    // When
    ReplyReading reading = ReplyUsage.read("aws.bedrock", null, body);

    // Then
    assertThat(((Counted) reading).tokens().outputTotal()).isEqualTo(4);
    assertThat(((Counted) reading).tokens().inputTotal()).isEqualTo(9);
  }

  @Test
  void read_modalities_disjointBuckets() {
    // Given
    String body =
        "{'usage':{'input_tokens':132,'output_tokens':121,'input_token_details':{'text_tokens':119,"
            + "'audio_tokens':13,'cached_tokens':64,'cached_tokens_details':{'audio_tokens':4}},"
            + "'output_token_details':{'audio_tokens':91},'total_tokens':253}}";

    // When
    ReplyReading reading = ReplyUsage.read("openai", "realtime", body.replace('\'', '"'));

    // Then
    ReplyTokens tokens = ((Counted) reading).tokens();
    assertThat(tokens.inputUncached()).isEqualTo(132 - 64 - 9);
    assertThat(tokens.inputAudio()).isEqualTo(9);
    assertThat(tokens.cachedAudio()).isEqualTo(4);
    assertThat(tokens.outputText()).isEqualTo(30);
    assertThat(tokens.outputAudio()).isEqualTo(91);
    assertThat(tokens.toTokenUsage().getCacheRead()).isEqualTo(64);
  }

  @Test
  void read_factsOfAStream_lastReasonAndTier() {
    // Given
    String body =
        "event: message_start\ndata: {'type':'message_start','message':{'id':'msg_1','model':'c',"
            + "'usage':{'input_tokens':9,'output_tokens':1,'service_tier':'priority'}}}\n\n"
            + "event: message_delta\ndata: {'type':'message_delta','delta':{'stop_reason':"
            + "'end_turn'},'usage':{'output_tokens':20}}\n\n";

    // When
    ReplyReading reading = ReplyUsage.read("anthropic", null, body.replace('\'', '"'));

    // Then
    assertThat(reading.facts().model()).isEqualTo("c");
    assertThat(reading.facts().responseId()).isEqualTo("msg_1");
    assertThat(reading.facts().serviceTier()).isEqualTo("priority");
    assertThat(reading.facts().finishReasons()).containsExactly("end_turn");
    assertThat(reading.facts().isStream()).isTrue();
    Counted counted = (Counted) reading;
    assertThat(counted.convention()).isEqualTo(UsageConvention.EXCLUSIVE);
    assertThat(counted.quality()).isEqualTo(UsageQuality.REPORTED);
    assertThat(counted.raw()).containsEntry("output_tokens", 20L);
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        Arguments.of("{'usage':{'prompt_tokens':5,'prompt_tokens_details':{'cached_tokens':50}}}"),
        Arguments.of(
            "{'usage':{'completion_tokens':5,'prompt_tokens_details':{'cached_tokens':50}}}"),
        Arguments.of(
            "{'usage':{'prompt_tokens':5,'completion_tokens_details':{'audio_tokens':50}}}"),
        Arguments.of("{'usage':{'type':'duration','seconds':-0.5}}"),
        Arguments.of("{'usage':{'prompt_tokens':-5,'completion_tokens':5}}"),
        Arguments.of("{'usage':{'prompt_tokens':5.5,'completion_tokens':5}}"),
        Arguments.of("{'usage':{'prompt_tokens':'many','completion_tokens':5}}"),
        Arguments.of("{'usage':{'prompt_tokens':99999999999999999999,'completion_tokens':5}}"),
        Arguments.of(
            "{'usage':{'prompt_tokens':5,'completion_tokens':5,'total_tokens':10,"
                + "'completion_tokens_details':{'reasoning_tokens':6}}}"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void read_contradiction_isInvalid(String body) {
    // When
    ReplyReading reading = ReplyUsage.read("openai", "chat", body.replace('\'', '"'));

    // Then
    assertThat(reading).isInstanceOf(Invalid.class);
  }

  static Stream<Arguments> without() {
    return Stream.of(
        Arguments.of("", "EMPTY"),
        Arguments.of(" \n", "EMPTY"),
        Arguments.of("<html>502</html>", "NOT_JSON"),
        Arguments.of("{\"error\":{\"message\":\"no\"}}", "ERROR_REPLY"),
        Arguments.of("{\"choices\":[{\"text\":\"usage\"}]}", "NO_COUNTS"),
        Arguments.of("{\"usage\":null}", "NO_COUNTS"),
        Arguments.of("{\"usage\":{}}", "NO_COUNTS"),
        Arguments.of("data: [DONE]\n\n", "NOT_JSON"),
        Arguments.of("[[[[[[[{\"usage\":{\"prompt_tokens\":1}}]]]]]]]", "NOT_JSON"));
  }

  @ParameterizedTest
  @MethodSource("without")
  void read_nothingStated_noUsage(String body, String reason) {
    // When
    ReplyReading reading = ReplyUsage.read("openai", "chat", body);

    // Then
    assertThat(reading).isInstanceOf(NoUsage.class);
    assertThat(((NoUsage) reading).reason()).isEqualTo(reason);
  }

  /** Messages may hold anything, a usage among it. */
  @Test
  void read_usageInsideAMessage_isIgnored() {
    // Given
    String body =
        "{'choices':[{'message':{'usage':{'prompt_tokens':1},'content':'data: {\\'usage\\':1}'}}],"
            + "'output':[{'usage':{'input_tokens':3}}]}";

    // When
    ReplyReading reading =
        ReplyUsage.read(null, null, body.replace('\'', '"').replace("\\\"", "'"));

    // Then
    assertThat(reading).isInstanceOf(NoUsage.class);
  }

  /** Cut, doubled and changed replies: any result, never an exception. */
  @Test
  void read_mutatedReplies_neverThrows() {
    long seed = Long.getLong("tributary.seed", 20_261_121L);
    Random random = new Random(seed);
    String[] bodies =
        ReplyShapesTest.shapes()
            .map(arguments -> (String) arguments.get()[2])
            .toArray(String[]::new);
    String junk = "{}[]\":,\\\n 0-9eE.\u0000\uD800data: ";
    int counted = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder body = new StringBuilder(bodies[random.nextInt(bodies.length)]);
      for (int edits = random.nextInt(6); edits >= 0 && body.length() > 0; edits--) {
        int at = random.nextInt(body.length());
        switch (random.nextInt(4)) {
          case 0 -> body.setLength(at);
          case 1 -> body.deleteCharAt(at);
          case 2 -> body.insert(at, junk.charAt(random.nextInt(junk.length())));
          default -> body.insert(at, body.substring(at));
        }
        body.setLength(Math.min(body.length(), 4_096));
      }
      ReplyReading reading = ReplyUsage.read("openai", null, body.toString());
      counted += reading instanceof Counted ? 1 : 0;
      if (reading instanceof Counted usage) {
        assertThat(orZero(usage.tokens().inputTotal()))
            .as("seed %d, reply %d", seed, i)
            .isNotNegative();
      }
    }
    assertThat(counted).as("seed %d", seed).isPositive();
  }

  /** Ten mebibytes of each kind of junk end at once. */
  @Test
  void read_hugeJunk_ends() {
    for (String unit : Map.of("{", 1, "[", 1, "\"", 1, "data: {\n", 1, "{\"a\":", 1).keySet()) {
      String body = unit.repeat((4 << 20) / unit.length());

      ReplyReading reading = ReplyUsage.read("openai", null, body);

      assertThat(reading).as(unit).isInstanceOf(NoUsage.class);
    }
  }

  private static long orZero(@Nullable Long count) {
    return count == null ? 0 : count;
  }
}
