package dev.tributary.standalone.price;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.runtime.testing.TestData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceLinesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  /** An amount that does not end, or that the other calculator gives in binary. */
  private static final BigDecimal LOOSE = new BigDecimal("1e-12");

  @TempDir Path folder;

  @Test
  void run_recordedCorpus_everyCostExact() throws Exception {
    // Given
    String corpus = Files.readString(TestData.path("pricing/corpus-sample.jsonl"));
    String catalogue = "genai-prices:" + TestData.path("pricing/genai-prices-0.1.8.json");

    // When
    List<JsonNode> answers = run(catalogue, corpus);

    // Then
    List<String> calls = corpus.lines().toList();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      JsonNode expected = MAPPER.readTree(calls.get(i)).path("expected");
      if (!isRight(expected, answers.get(i))) {
        wrong.add(calls.get(i) + " gives " + answers.get(i));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(answers).hasSize(600);
  }

  private static boolean isRight(JsonNode expected, JsonNode answer) {
    String status = answer.path("status").asText();
    JsonNode cost = answer.path("cost_usd");
    return switch (expected.path("status").asText()) {
      case "unknown_model" -> status.equals("unknown") && cost.isNull();
      case "error" -> status.equals("rejected") && cost.isNull();
      default -> {
        String exact = expected.path("exact_total_usd").asText();
        boolean isLoose = expected.has("special_rule") || exact.length() > 50;
        yield status.equals("priced")
            && cost.isTextual()
            && new BigDecimal(cost.textValue())
                    .subtract(new BigDecimal(exact))
                    .abs()
                    .compareTo(isLoose ? LOOSE : BigDecimal.ZERO)
                <= 0;
      }
    };
  }

  /** Every recorded reply as a line: its buckets are printed, and 31 have none. */
  @Test
  void run_recordedReplies_bucketsPrinted() throws Exception {
    // Given
    StringBuilder lines = new StringBuilder();
    for (String row : Files.readAllLines(TestData.path("usage-blocks/usage_blocks.jsonl"))) {
      ObjectNode line = MAPPER.createObjectNode();
      line.put("id", lines.length());
      line.set("model_ref", MAPPER.readTree(row).path("request_model"));
      line.set("response_body", MAPPER.readTree(row).path("usage"));
      lines.append(line).append('\n');
    }

    // When
    List<JsonNode> answers = run(null, lines.toString());

    // Then
    assertThat(answers).hasSize(894);
    assertThat(answers.stream().filter(answer -> !answer.path("buckets").isEmpty())).hasSize(863);
    assertThat(answers.stream().filter(answer -> answer.path("reason").asText().equals("NO_USAGE")))
        .hasSize(31);
  }

  @Test
  void price_replyText_readAndPriced() throws Exception {
    // Given
    ObjectNode line = MAPPER.createObjectNode();
    line.put("id", "r-1").put("provider_id", "anthropic").put("timestamp", "2026-11-12T12:00:00Z");
    line.put(
        "response_body",
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":"
            + "\"claude-sonnet-4-5-20250929\",\"usage\":{\"input_tokens\":3000,"
            + "\"cache_read_input_tokens\":6000,\"cache_creation_input_tokens\":12000,"
            + "\"output_tokens\":1}}}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\","
            + "\"usage\":{\"output_tokens\":500}}\n\n");

    // When
    JsonNode answer = run(null, line.toString()).get(0);

    // Then
    assertThat(answer.path("status").asText()).isEqualTo("priced");
    assertThat(answer.path("cost_usd").asText()).isEqualTo("0.0633");
    assertThat(answer.path("buckets").path("in.cache_read").asLong()).isEqualTo(6_000);
    assertThat(answer.path("buckets").path("out.text").asLong()).isEqualTo(500);
    assertThat(answer.path("usage_convention").asText()).isEqualTo("EXCLUSIVE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                    | MALFORMED     | not JSON
          []                                                   | MALFORMED     | must be an object
          {'id':1}                                             | MALFORMED     | neither usage nor
          {'usage':[]}                                         | MALFORMED     | must be an object of counts
          {'usage':{'input_tokens':'5'}}                       | MALFORMED     | must be a number
          {'usage':{},'provider_id':3}                         | MALFORMED     | provider_id must be a text
          {'usage':{},'timestamp':'yesterday'}                 | MALFORMED     | ISO 8601
          {'usage':{'input_tokens':-1}}                        | INVALID_USAGE | is negative
          {'usage':{'input_tokens':5,'cache_read_tokens':6}}   | INVALID_USAGE | less than its parts
          {'usage':{'input_tokens':5.5}}                       | INVALID_USAGE | not a whole number
          {'usage':{'input_tokens':1e2147483647}}              | INVALID_USAGE | too many digits
          {'usage':{'input_tokens':5,'frobs':3}}               | INVALID_USAGE | unknown unit frobs
          {'usage':{'output_tokens':5,'output_video_tokens':6}} | INVALID_USAGE | negative
          """)
  void price_badLine_rejectedWithTheReason(String line, String reason, String detail)
      throws Exception {
    // Given
    String good =
        "{'id':'good','usage':{'input_tokens':1},'provider_id':'openai','model_ref':'gpt-4o'}";

    // When
    List<JsonNode> answers = run(null, (line + "\n\n" + good).replace('\'', '"'));

    // Then
    assertThat(answers).hasSize(2);
    assertThat(answers.get(0).path("status").asText()).isEqualTo("rejected");
    assertThat(answers.get(0).path("reason").asText()).isEqualTo(reason);
    assertThat(answers.get(0).path("detail").asText()).contains(detail);
    assertThat(answers.get(0).path("cost_usd").isNull()).isTrue();
    assertThat(answers.get(1).path("status").asText()).isEqualTo("priced");
  }

  /** What a reply bills beside tokens, a part of a second included. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          xai | realtime | {'usage':{'billable_audio_seconds':73.375,'input_text_messages':4}} | {'messages':4,'seconds':'73.375'}
          mistral | ocr_annotated | {'usage_info':{'pages_processed':28}} | {'pages.annotated':28}
          mistral | ocr | {'usage_info':{'pages_processed':28},'document_annotation':'x'} | {'pages':28}
          openai | | {'usage':{'type':'duration','seconds':12.5}} | {'seconds':'12.5'}
          """)
  void price_replyBilledByTheUnit_unitsPrinted(
      String provider, @Nullable String flavor, String body, String buckets) throws Exception {
    // Given
    ObjectNode line = MAPPER.createObjectNode();
    line.put("provider_id", provider).put("api_flavor", flavor);
    line.set("response_body", MAPPER.readTree(body.replace('\'', '"')));

    // When
    JsonNode answer = run(null, "\uFEFF" + line).get(0);

    // Then
    assertThat(answer.path("buckets")).isEqualTo(MAPPER.readTree(buckets.replace('\'', '"')));
  }

  /**
   * A price list's own calculator refuses counts that leave open what a priced bucket held; with
   * all of them stated the same call has a price.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          anthropic | claude-sonnet-4-5 | {'input_tokens':860,'output_tokens':1,'cache_write_1h_tokens':10} | 'cache_write_tokens':10
          google | gemini-2.5-flash | {'input_tokens':860,'output_tokens':1,'cache_read_tokens':20,'input_audio_tokens':30} | 'cache_audio_read_tokens':7
          """)
  void price_countsThatLeaveAPartOpen_refusedByTheList(
      String provider, String model, String usage, String missing) throws Exception {
    String catalogue = "genai-prices:" + TestData.path("pricing/genai-prices-0.1.8.json");
    String open =
        "{'provider_id':'" + provider + "','model_ref':'" + model + "','usage':" + usage + "}";
    String whole = open.replace("}}", "," + missing + "}}");

    List<JsonNode> answers = run(catalogue, (open + "\n" + whole).replace('\'', '"'));

    assertThat(answers.get(0).path("status").asText()).isEqualTo("rejected");
    assertThat(answers.get(0).path("detail").asText()).contains("nothing says how much");
    assertThat(answers.get(1).path("status").asText()).isEqualTo("priced");
  }

  @Test
  void price_exclusiveCounts_cachedStandBeside() throws Exception {
    String line =
        "{'provider_id':'anthropic','model_ref':'claude-sonnet-4-5','usage':{'input_tokens':10,"
            + "'cache_read_tokens':100,'inclusive':false}}";

    JsonNode answer = run(null, line.replace('\'', '"')).get(0);

    assertThat(answer.path("buckets").path("in.text.uncached").asLong()).isEqualTo(10);
    assertThat(answer.path("buckets").path("in.cache_read").asLong()).isEqualTo(100);
  }

  @Test
  void catalogue_ofYaml_isRead() throws Exception {
    // Given
    Path file = folder.resolve("own.yaml");
    Files.writeString(
        file,
        "surface: openai\nmodels:\n  - model: own-1\n    cards:\n      - source: {name: own}\n"
            + "        rates: {in.text.uncached: 5}\n");
    String line = "{'provider_id':'openai','model_ref':'own-1','usage':{'input_tokens':1000}}";

    // When
    JsonNode answer = run(file.toString(), line.replace('\'', '"')).get(0);

    // Then
    assertThat(answer.path("cost_usd").asText()).isEqualTo("0.005");
    assertThat(answer.path("rate_card_id").asText()).isEqualTo("openai|own-1|standard");
  }

  /** Ten tokens or a thousand: nobody can say. */
  @Test
  void fieldTwice_isRejected() throws Exception {
    JsonNode answer =
        run(
                null,
                "{'id':1,'provider_id':'openai','model_ref':'gpt-4o','usage':{'input_tokens':10,'input_tokens':1000}}"
                    .replace('\'', '"'))
            .get(0);

    assertThat(answer.path("status").asText()).isEqualTo("rejected");
    assertThat(answer.path("detail").asText()).contains("line 1").contains("input_tokens");
  }

  /** Bound to a day, a region and a tier, each of which is another price. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'timestamp':'2026-02-28T23:59:59.999Z' | 1",
        "'timestamp':'2026-03-01T00:00:00Z' | 2",
        "'timestamp':'2026-03-01' | 2",
        "'timestamp':'2026-03-01 00:30:00' | 2",
        "'timestamp':'2026-02-28T23:30:00' | 1",
        "'timestamp':'2026-02-28 23:30:00-0100' | 2",
        "'timestamp':'2026-03-01T00:30:00+01:00' | 1",
        "'service_tier':'batch' | 3",
        "'region':'eu' | 4",
      })
  void priceOfAReply_isThatOfItsTimeTierAndRegion(String stated, String cost) throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(
        file,
        """
        surface: openai
        sources: {own: {name: own}}
        models:
          - model: own-1
            cards:
              - {until: 2026-03-01, source: own, rates: {in.text.uncached: 1}}
              - {from: 2026-03-01, source: own, rates: {in.text.uncached: 2}}
              - {tier: batch, source: own, rates: {in.text.uncached: 3}}
              - {region: eu, source: own, rates: {in.text.uncached: 4}}
        """);
    String line =
        "{'provider_id':'openai','model_ref':'own-1',%s,'response_body':{'model':'own-1','service_tier':'default','usage':{'prompt_tokens':1000000,'completion_tokens':0,'total_tokens':1000000}}}"
            .formatted(stated);

    JsonNode answer = run(file.toString(), line.replace('\'', '"')).get(0);

    assertThat(answer.path("cost_usd").asText()).as(answer.toString()).isEqualTo(cost);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Two names of one search; a whole with its parts; what is stated of it and what is not.
        "'file_searches':3,'storage_searches':3 | {'tool.file_search':3}",
        "'audio_seconds':9,'input_audio_seconds':4,'output_audio_seconds':5 | {'seconds':9}",
        "'audio_seconds':9,'input_audio_seconds':4,'output_audio_seconds':6 | rejected",
        "'input_tokens':-1 | rejected",
        "'input_tokens':10,'output_tokens':0,'web_searches':-1 | rejected",
        "'input_tokens':10,'cache_write_tokens':8,'cache_write_5m_tokens':3,'inclusive':false | {'in.text.uncached':10,'in.cache_write_5m':8}",
      })
  void usage_isCountedOnce(String usage, String buckets) throws Exception {
    String line = "{'model_ref':'gpt-4o','usage':{%s}}".formatted(usage);

    JsonNode answer = run(null, line.replace('\'', '"')).get(0);

    if (buckets.equals("rejected")) {
      assertThat(answer.path("status").asText()).as(answer.toString()).isEqualTo(buckets);
      assertThat(answer.path("cost_usd").isNull()).isTrue();
    } else {
      assertThat(answer.path("buckets")).isEqualTo(MAPPER.readTree(buckets.replace('\'', '"')));
    }
  }

  /** What was cached of the audio is not cached text too. */
  @Test
  void replyWithCachedAudio_countsItOnce() throws Exception {
    String line =
        "{'provider_id':'google','model_ref':'gemini-2.5-flash','response_body':{'modelVersion':'gemini-2.5-flash','usageMetadata':{'promptTokenCount':100,'cachedContentTokenCount':40,'candidatesTokenCount':5,'totalTokenCount':105,'promptTokensDetails':[{'modality':'TEXT','tokenCount':70},{'modality':'AUDIO','tokenCount':30}],'cacheTokensDetails':[{'modality':'TEXT','tokenCount':25},{'modality':'AUDIO','tokenCount':15}]}}}";

    JsonNode buckets = run(null, line.replace('\'', '"')).get(0).path("buckets");

    assertThat(buckets.path("in.cache_read").asLong()).isEqualTo(25);
    assertThat(buckets.path("in.audio.cached").asLong()).isEqualTo(15);
    long input = 0;
    for (String name :
        List.of("in.text.uncached", "in.cache_read", "in.audio", "in.audio.cached")) {
      input += buckets.path(name).asLong();
    }
    assertThat(input).as(buckets.toString()).isEqualTo(100);
  }

  /** Of 10 input tokens 5 are cached, or 5 more are beside them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'inclusive':true | | 0.00001875",
        "'inclusive':false | | 0.00003125",
        "'inclusive':'false' | | 0.00003125",
        "'inclusive':null | 'inclusive':false | 0.00003125",
        "'inclusive':true | 'inclusive':false | 0.00001875",
        "'inclusive':null | | 0.00001875",
        "'inclusive':'no' | | rejected",
        "'inclusive':0 | | rejected",
        "'web_searches':0 | 'inclusive':'no' | rejected",
      },
      quoteCharacter = '`')
  void inclusive_isTrueOrFalse_andOfTheUsageFirst(
      String inUsage, @Nullable String ofLine, String cost) throws Exception {
    String line =
        "{'provider_id':'openai','model_ref':'gpt-4o','usage':{'input_tokens':10,'cache_read_tokens':5,%s}%s}"
            .formatted(inUsage, ofLine == null ? "" : "," + ofLine);

    JsonNode answer = run(null, line.replace('\'', '"')).get(0);

    String found =
        answer.path("cost_usd").isNull()
            ? answer.path("status").asText()
            : answer.path("cost_usd").asText();
    assertThat(found).isEqualTo(cost);
  }

  private static List<JsonNode> run(@Nullable String catalogue, String lines) throws IOException {
    StringWriter out = new StringWriter();
    new PriceLines(CatalogueFile.read(catalogue), NOW)
        .run(new StringReader(lines), new PrintWriter(out));
    List<JsonNode> answers = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      answers.add(MAPPER.readTree(line));
    }
    return answers;
  }
}
