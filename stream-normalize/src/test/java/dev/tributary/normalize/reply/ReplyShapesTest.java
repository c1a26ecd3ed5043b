package dev.tributary.normalize.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.reply.ReplyReading.Counted;
import dev.tributary.schemas.UnitUsage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each provider's usage looks like, and what it gives. */
class ReplyShapesTest {
  /** Shapes that the recorded replies do not hold, with input, read, write, output, reasoning. */
  static Stream<Arguments> shapes() {
    return Stream.of(
        shape(
            "anthropic",
            null,
            "{'model':'claude-x','usage':{'input_tokens':4,'cache_read_input_tokens':18131,'cache_creation_input_tokens':30,'cache_creation':{'ephemeral_5m_input_tokens':10,'ephemeral_1h_input_tokens':20},'output_tokens':7}}",
            18165,
            18131,
            30,
            7,
            null),
        shape(
            "anthropic",
            null,
            "{'usage':{'input_tokens':4,'output_tokens':7,'iterations':[{'type':'compaction','input_tokens':1000,'output_tokens':90},{'type':'message','input_tokens':4,'output_tokens':7}]}}",
            1004,
            null,
            null,
            97,
            null),
        shape(
            "openai",
            "chat",
            "{'usage':{'prompt_tokens':100,'completion_tokens':50,'total_tokens':150,'prompt_tokens_details':{'cached_tokens':40,'cache_write_tokens':30},'completion_tokens_details':{'reasoning_tokens':20}}}",
            100,
            40,
            30,
            50,
            20),
        shape(
            "openai",
            "responses",
            "data: {'type':'response.created','response':{'usage':null}}\n\ndata: {'type':'response.completed','response':{'object':'response','status':'completed','usage':{'input_tokens':72,'input_tokens_details':{'cached_tokens':2},'output_tokens':14,'output_tokens_details':{'reasoning_tokens':3},'total_tokens':86}}}\n\n",
            72,
            2,
            null,
            14,
            3),
        shape(
            "openai",
            "realtime",
            "{'response':{'usage':{'total_tokens':253,'input_tokens':132,'output_tokens':121,'input_token_details':{'text_tokens':119,'audio_tokens':13,'cached_tokens':64,'cached_tokens_details':{'text_tokens':60,'audio_tokens':4}},'output_token_details':{'text_tokens':30,'audio_tokens':91}}}}",
            132,
            64,
            null,
            121,
            null),
        shape(
            "xai",
            "chat",
            "{'usage':{'prompt_tokens':10,'completion_tokens':5,'total_tokens':115,'completion_tokens_details':{'reasoning_tokens':100}}}",
            10,
            null,
            null,
            105,
            100),
        shape(
            "deepseek",
            null,
            "{'usage':{'prompt_tokens':32,'completion_tokens':4,'prompt_cache_hit_tokens':20,'prompt_cache_miss_tokens':12}}",
            32,
            20,
            null,
            4,
            null),
        shape(
            "moonshot",
            null,
            "data: {'choices':[{'index':0,'usage':{'prompt_tokens':9,'completion_tokens':3,'cached_tokens':2}}]}\n\ndata: [DONE]\n",
            9,
            2,
            null,
            3,
            null),
        shape(
            "perplexity",
            null,
            "{'usage':{'prompt_tokens':7,'completion_tokens':3581,'total_tokens':3588,'citation_tokens':20016,'num_search_queries':18,'reasoning_tokens':193893}}",
            7,
            null,
            null,
            197474,
            193893),
        shape(
            "gemini",
            null,
            "[{'usageMetadata':{'promptTokenCount':8,'totalTokenCount':8}},{'usageMetadata':{'promptTokenCount':8,'candidatesTokenCount':5,'thoughtsTokenCount':9,'cachedContentTokenCount':3,'toolUsePromptTokenCount':6,'totalTokenCount':28},'modelVersion':'gemini-x'}]",
            14,
            3,
            null,
            14,
            9),
        shape(
            "google_genai",
            null,
            "{'usage_metadata':{'prompt_token_count':8,'candidates_token_count':5,'total_token_count':13}}",
            8,
            null,
            null,
            5,
            null),
        shape(
            "bedrock",
            "converse",
            "{'metadata':{'usage':{'inputTokens':4,'outputTokens':2,'totalTokens':106,'cacheReadInputTokens':60,'cacheWriteInputTokens':40,'cacheDetails':[{'inputTokens':40,'ttl':'1h'}]}}}",
            104,
            60,
            40,
            2,
            null),
        shape(
            "bedrock",
            "invoke",
            "{'inputTextTokenCount':6,'results':[{'tokenCount':11,'outputText':'x','completionReason':'FINISH'}]}",
            6,
            null,
            null,
            11,
            null),
        shape(
            "bedrock",
            "invoke",
            "{'embedding':[0.1],'inputTextTokenCount':6}",
            6,
            null,
            null,
            null,
            null),
        shape(
            "bedrock",
            "invoke",
            "{'generation':'x','prompt_token_count':12,'generation_token_count':3,'stop_reason':'stop'}",
            12,
            null,
            null,
            3,
            null),
        shape(
            "bedrock",
            "invoke",
            "{'prompt':{'text':'a','tokens':[{},{}]},'completions':[{'data':{'tokens':[{},{},{}]}}]}",
            2,
            null,
            null,
            3,
            null),
        shape(
            "bedrock",
            "invoke",
            "{'type':'message_start','message':{'usage':{'input_tokens':9,'output_tokens':1}}}\n{'type':'message_delta','usage':{'output_tokens':20}}\n{'type':'message_stop','amazon-bedrock-invocationMetrics':{'inputTokenCount':9,'outputTokenCount':20,'cacheReadInputTokenCount':5}}",
            14,
            5,
            null,
            20,
            null),
        shape(
            "cohere",
            "tokens",
            "{'usage':{'billed_units':{'input_tokens':12,'output_tokens':65},'tokens':{'input_tokens':212,'output_tokens':66},'cached_tokens':208}}",
            212,
            208,
            null,
            66,
            null),
        shape(
            "cohere",
            null,
            "{'event_type':'stream-end','response':{'meta':{'billed_units':{'input_tokens':12,'output_tokens':65}}}}",
            12,
            null,
            null,
            65,
            null),
        shape(
            "watsonx",
            null,
            "data: {'results':[{'generated_token_count':1,'input_token_count':20}]}\n\ndata: {'results':[{'generated_token_count':9,'input_token_count':0,'stop_reason':'eos_token'}]}\n\n",
            20,
            null,
            null,
            9,
            null),
        shape(
            "ollama",
            null,
            "{'model':'l','done':false}\n{'model':'l','done':true,'done_reason':'stop','prompt_eval_count':26,'eval_count':298}\n",
            26,
            null,
            null,
            298,
            null),
        shape(
            "replicate",
            null,
            "{'status':'succeeded','metrics':{'input_token_count':20,'output_token_count':8,'predict_time':0.5}}",
            20,
            null,
            null,
            8,
            null),
        shape(
            "huggingface",
            null,
            "[{'generated_text':'x','details':{'generated_tokens':8,'finish_reason':'length','prefill':[{},{},{}]}}]",
            3,
            null,
            null,
            8,
            null),
        shape(
            "llama.cpp",
            null,
            "{'content':'x','tokens_evaluated':5,'tokens_predicted':6}",
            5,
            null,
            null,
            6,
            null),
        shape(
            "vertex_ai",
            null,
            "{'predictions':[{'embeddings':{'statistics':{'token_count':4}}},{'embeddings':{'statistics':{'token_count':5}}}]}",
            9,
            null,
            null,
            null,
            null),
        shape(
            "vertex_ai",
            null,
            "{'metadata':{'tokenMetadata':{'inputTokenCount':{'totalTokens':5},'outputTokenCount':{'totalTokens':7}}}}",
            5,
            null,
            null,
            7,
            null),
        shape(
            null,
            null,
            "{'usage':{'prompt_tokens':5,'completion_tokens':1,'prompt_tokens_details':{'cached_tokens':50}}}",
            55,
            50,
            null,
            1,
            null),
        shape(
            "openai",
            "chat",
            "{'prompt_tokens':'12','completion_tokens':3.0}",
            12,
            null,
            null,
            3,
            null),
        shape(
            "vllm",
            null,
            "data: {'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':1}}\ndata: {'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':2}}\ndata: [DONE]",
            5,
            null,
            null,
            2,
            null),
        shape(
            "openai",
            null,
            "{broken\n{'usage':{'prompt_tokens':5,'completion_tokens':2}}",
            5,
            null,
            null,
            2,
            null));
  }

  private static Arguments shape(
      @Nullable String provider,
      @Nullable String flavor,
      String body,
      @Nullable Integer... counts) {
    Long[] wide = new Long[5];
    for (int i = 0; i < counts.length; i++) {
      Integer count = counts[i];
      wide[i] = count == null ? null : Long.valueOf(count);
    }
    return Arguments.of(provider, flavor, body.replace('\'', '"'), wide);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void read_shape_buckets(
      @Nullable String provider, @Nullable String flavor, String body, Long[] expected) {
    // When
    ReplyReading reading = ReplyUsage.read(provider, flavor, body);

    // Then
    assertThat(reading).isInstanceOf(Counted.class);
    ReplyTokens tokens = ((Counted) reading).tokens();
    Long write =
        tokens.cacheWrite5m() == null && tokens.cacheWrite1h() == null
            ? null
            : Long.valueOf(orZero(tokens.cacheWrite5m()) + orZero(tokens.cacheWrite1h()));
    assertThat(
            new Long[] {
              tokens.inputTotal(),
              tokens.cacheRead(),
              write,
              tokens.outputTotal(),
              tokens.reasoning()
            })
        .containsExactly(expected);
  }

  /** Web, social and file searches, rerank queries, seconds, pages; empty: not stated. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "anthropic | {'usage':{'input_tokens':105,'output_tokens':6039,'server_tool_use':{'web_search_requests':2}}} | 2 | | | | |",
        "perplexity | {'usage':{'prompt_tokens':7,'completion_tokens':3581,'total_tokens':3588,'num_search_queries':18}} | 18 | | | | |",
        "openai | {'object':'response','output':[{'type':'web_search_call','action':{'type':'search'}},{'type':'web_search_call','action':{'type':'open_page'}},{'type':'web_search_call'},{'type':'file_search_call'},{'type':'message'}],'usage':{'input_tokens':3,'output_tokens':4,'total_tokens':7}} | 2 | | 1 | | |",
        "openai | {'type':'response.completed','response':{'object':'response','output':[{'type':'web_search_call'}],'usage':{'input_tokens':3,'output_tokens':4,'total_tokens':7}}} | 1 | | | | |",
        "xai | {'object':'response','output':[{'type':'web_search_call'}],'usage':{'input_tokens':3,'output_tokens':4,'total_tokens':7,'server_side_tool_usage_details':{'web_search_calls':1,'x_search_calls':11,'file_search_calls':0}}} | 1 | 11 | 0 | | |",
        "cohere | {'results':[],'meta':{'billed_units':{'search_units':1}}} | | | | 1 | |",
        "openai | {'text':'hello','usage':{'type':'duration','seconds':9}} | | | | | 9 |",
        "gemini | {'candidates':[{'groundingMetadata':{'webSearchQueries':['a','b','']}}],'usageMetadata':{'promptTokenCount':8,'candidatesTokenCount':5}} | 2 | | | | |",
        "xai | {'usage':{'billable_audio_seconds':73,'input_text_messages':4}} | | | | | 73 |",
        "mistral_ai | {'document_annotation':'x','usage_info':{'pages_processed':29}} | | | | | | 29",
        "mistral_ai | {'usage':{'prompt_tokens':4,'completion_tokens':27,'total_tokens':406,'prompt_audio_seconds':203}} | | | | | 203 |",
        "mistral_ai | {'pages':[],'usage_info':{'pages_processed':29,'doc_size_bytes':null}} | | | | | | 29"
      })
  void read_unitsBesideTokens_areCounted(
      String provider,
      String body,
      @Nullable Long web,
      @Nullable Long social,
      @Nullable Long files,
      @Nullable Long rerank,
      @Nullable Long seconds,
      @Nullable Long pages) {
    // When
    ReplyReading reading = ReplyUsage.read(provider, null, body.replace('\'', '"'));

    // Then
    assertThat(((Counted) reading).tokens().toTokenUsage().getUnits())
        .isEqualTo(new UnitUsage(web, social, files, rerank, seconds, pages));
  }

  /** A response that is not over counts no searches: its tokens would be missing beside them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'object':'response','status':'in_progress','output':[{'type':'web_search_call'}],'usage':null}",
        "{'usage':{'input_tokens':3,'output_tokens':4,'total_tokens':7},'choices':[{'message':{'output':[{'type':'web_search_call'}]}}]}"
      })
  void read_searchesOfNoWholeResponse_areNone(String body) {
    ReplyReading reading = ReplyUsage.read("openai", null, body.replace('\'', '"'));

    assertThat(reading)
        .satisfiesAnyOf(
            found -> assertThat(found).isInstanceOf(ReplyReading.NoUsage.class),
            found -> assertThat(((Counted) found).tokens().toUnitUsage()).isNull());
  }

  private static long orZero(@Nullable Long count) {
    return count == null ? 0 : count;
  }
}
