package dev.tributary.standalone.demo;

import com.google.protobuf.ByteString;
import dev.tributary.standalone.demo.Books.Owner;
import dev.tributary.standalone.demo.SpanDraft.Resource;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one trace after another: what an instrumented application would have emitted, and the same
 * in the books. Attribute names follow the OpenTelemetry GenAI conventions.
 */
final class TraceWriter {
  static final int UNTAGGED_PERCENT = 4;
  static final int STAGING_PERCENT = 8;
  static final String PRODUCTION = "production";
  private static final int RETRY_PERCENT = 4;
  private static final int FALLBACK_PERCENT = 2;

  private final SplittableRandom random;
  private final Sessions sessions;
  private final Books books;
  private final Consumer<SpanDraft> out;
  private final @Nullable Release release;

  // The trace being written.
  private ByteString traceId = ByteString.EMPTY;
  private Resource resource = new Resource("", "");
  private Owner owner = new Owner("", "", "", "", "");
  private long nowUs;

  /**
   * @param release a change that the traffic goes through; null: none
   */
  TraceWriter(
      SplittableRandom random, Books books, Consumer<SpanDraft> out, @Nullable Release release) {
    this.release = release;
    this.random = random;
    this.sessions = new Sessions(random);
    this.books = books;
    this.out = out;
  }

  /** Writes a trace that starts at the given time, microseconds since the epoch. */
  void write(long startUs) {
    Feature feature = Company.featureAt(random.nextInt(Integer.MAX_VALUE));
    boolean tagged = random.nextInt(100) >= UNTAGGED_PERCENT;
    String environment = random.nextInt(100) < STAGING_PERCENT ? "staging" : PRODUCTION;
    String version = Feature.PROMPT_VERSIONS.get(random.nextInt(3) == 0 ? 1 : 0);
    Release change = release;
    if (tagged && change != null && change.covers(feature, environment, startUs)) {
      write(startUs, change.feature(), true, environment, change.version());
    } else {
      write(startUs, feature, tagged, environment, version);
    }
  }

  /** Writes a trace of a feature. */
  void write(long startUs, Feature feature, boolean tagged, String environment, String version) {
    Sessions.Turn turn = sessions.next(feature);
    resource = new Resource(tagged ? feature.service() : Company.UNTAGGED_SERVICE, environment);
    owner =
        tagged
            ? new Owner(feature.name(), feature.team(), version, environment, turn.session())
            : new Owner(
                Books.UNATTRIBUTED, Books.UNATTRIBUTED, Books.UNATTRIBUTED, environment, "");
    traceId = id(16);
    nowUs = startUs + 1_500 + random.nextInt(4_000);
    books.trace();

    ByteString rootId = id(8);
    SpanDraft parent = new SpanDraft(resource, traceId, rootId, startUs, startUs);
    switch (feature.shape()) {
      case CHAT -> call(parent, feature, turn, 0);
      case RAG -> answerFromDocuments(parent, feature, turn);
      case AGENT -> runAgent(parent, feature, turn);
    }
    emitRoot(feature, turn, rootId, startUs, tagged, version);
  }

  private void emitRoot(
      Feature feature,
      Sessions.Turn turn,
      ByteString rootId,
      long startUs,
      boolean tagged,
      String version) {
    long endUs = nowUs + 500 + random.nextInt(3_000);
    SpanDraft root =
        new SpanDraft(resource, traceId, rootId, startUs, endUs)
            .named("POST /" + feature.name())
            .text("gen_ai.operation.name", "invoke_workflow")
            .text("gen_ai.workflow.name", feature.name());
    if (tagged) {
      root.text("tributary.feature", feature.name())
          .text("tributary.workspace", turn.workspace())
          .text("gen_ai.prompt.name", feature.promptName())
          .text("gen_ai.prompt.version", version)
          .text("session.id", turn.session())
          .text("user.id", turn.user());
      if (feature.saysTeam()) {
        root.text("tributary.team", feature.team());
      }
    }
    emit(root);
  }

  private void answerFromDocuments(SpanDraft parent, Feature feature, Sessions.Turn turn) {
    CallTokens question = new CallTokens(20 + random.nextInt(60), 0, 0, 0, 0);
    SpanDraft embedding =
        span(20_000 + random.nextInt(40_000))
            .named("embeddings " + Model.EMBEDDING_SMALL.requested())
            .text("gen_ai.operation.name", "embeddings");
    models(embedding, Model.EMBEDDING_SMALL)
        .number("gen_ai.usage.input_tokens", question.uncached());
    emit(embedding.under(parent));
    books.call(owner, Model.EMBEDDING_SMALL, question);

    SpanDraft retrieval =
        span(15_000 + random.nextInt(90_000))
            .named("retrieval")
            .text("gen_ai.operation.name", "retrieval")
            .text(
                "gen_ai.data_source.id",
                Company.INDEXES.get(random.nextInt(Company.INDEXES.size())))
            .number("gen_ai.retrieval.top_k", 8);
    emit(retrieval.under(parent));
    call(parent, feature, turn, 0);
  }

  private void runAgent(SpanDraft parent, Feature feature, Sessions.Turn turn) {
    long startUs = nowUs;
    ByteString agentId = id(8);
    SpanDraft agentStub = new SpanDraft(resource, traceId, agentId, startUs, startUs);
    int steps = 1 + random.nextInt(4);
    long input = 0;
    long output = 0;
    for (int step = 0; step <= steps; step++) {
      CallTokens tokens = call(agentStub, feature, turn, step);
      input += tokens.inputTotal();
      output += tokens.outputTotal();
      if (step < steps) {
        useTool(agentStub);
      }
    }
    // The agent's span repeats what its calls spent, as frameworks do; it must not count twice.
    SpanDraft agent =
        new SpanDraft(resource, traceId, agentId, startUs, nowUs + 800)
            .named("invoke_agent " + feature.name())
            .text("gen_ai.operation.name", "invoke_agent")
            .text("gen_ai.agent.name", feature.name())
            .number("gen_ai.usage.input_tokens", input)
            .number("gen_ai.usage.output_tokens", output);
    nowUs += 800;
    emit(agent.under(parent));
  }

  private void useTool(SpanDraft parent) {
    String tool = Company.TOOLS.get(random.nextInt(Company.TOOLS.size()));
    SpanDraft span =
        span(30_000 + random.nextInt(250_000))
            .named("execute_tool " + tool)
            .text("gen_ai.operation.name", "execute_tool")
            .text("gen_ai.tool.name", tool)
            .text("gen_ai.tool.call.arguments", "{\"id\":" + random.nextInt(100_000) + "}");
    if (random.nextInt(100) < 3) {
      span.failed("tool_error", 500);
    }
    emit(span.under(parent));
  }

  /** A model call, sometimes after failed attempts or on the fallback model. */
  private CallTokens call(SpanDraft parent, Feature feature, Sessions.Turn turn, int step) {
    int luck = random.nextInt(100);
    if (luck < RETRY_PERCENT) {
      fail(parent, feature.main(), "rate_limit_exceeded", 429);
      return answer(parent, feature, feature.main(), turn, step);
    }
    if (luck < RETRY_PERCENT + FALLBACK_PERCENT) {
      fail(parent, feature.main(), "server_error", 503);
      return answer(parent, feature, feature.fallback(), turn, step);
    }
    return answer(parent, feature, feature.main(), turn, step);
  }

  private void fail(SpanDraft parent, Model model, String error, int httpStatus) {
    SpanDraft span =
        span(15_000 + random.nextInt(200_000))
            .named("chat " + model.requested())
            .text("gen_ai.operation.name", "chat")
            .text("gen_ai.provider.name", model.provider())
            .text("gen_ai.request.model", model.requested())
            .failed(error, httpStatus);
    emit(span.under(parent));
    books.failedCall(owner, model);
  }

  private CallTokens answer(
      SpanDraft parent, Feature feature, Model model, Sessions.Turn turn, int step) {
    CallTokens tokens = TokenDraw.draw(random, feature, model, turn.number(), step);
    long ttftUs = 180_000L + random.nextInt(500_000);
    SpanDraft span =
        span(ttftUs + tokens.outputTotal() * (6_000 + random.nextInt(5_000)))
            .named("chat " + model.requested())
            .text("gen_ai.operation.name", "chat");
    models(span, model)
        .text("gen_ai.response.id", "resp-" + Long.toHexString(random.nextLong()))
        .number("gen_ai.usage.input_tokens", tokens.inputTotal())
        .number("gen_ai.usage.output_tokens", tokens.outputTotal())
        .number("gen_ai.usage.cache_read.input_tokens", tokens.cacheRead())
        .real("gen_ai.response.time_to_first_chunk", ttftUs / 1e6)
        .list("gen_ai.response.finish_reasons", random.nextInt(100) < 2 ? "length" : "stop");
    if (tokens.cacheWrite() > 0) {
      span.number("gen_ai.usage.cache_write.input_tokens", tokens.cacheWrite());
    }
    if (tokens.reasoning() > 0) {
      span.number("gen_ai.usage.reasoning.output_tokens", tokens.reasoning());
    }
    emit(span.under(parent));
    books.call(owner, model, tokens);
    return tokens;
  }

  private static SpanDraft models(SpanDraft span, Model model) {
    return span.text("gen_ai.provider.name", model.provider())
        .text("gen_ai.request.model", model.requested())
        .text("gen_ai.response.model", model.returned());
  }

  private SpanDraft span(long durationUs) {
    long startUs = nowUs;
    nowUs += durationUs;
    return new SpanDraft(resource, traceId, id(8), startUs, nowUs);
  }

  private void emit(SpanDraft span) {
    books.span();
    out.accept(span);
  }

  private ByteString id(int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      buffer.putLong(random.nextLong() | 1L);
    }
    return ByteString.copyFrom(buffer.flip());
  }
}
