package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.schemas.Purpose;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Single facts of a call whose reading needs more than a name: units, JSON, junk. */
final class CallFacts {
  private static final int MICROS = 6;
  private static final int MILLIS_TO_MICROS = 3;

  /** What clients send for "no session". */
  private static final Set<String> JUNK_SESSIONS =
      Set.of("0", "null", "undefined", "none", "nil", "nan");

  /** What Micrometer and others write where no model is known. */
  private static final Set<String> JUNK_MODELS =
      Set.of("none", "unknown", "null", "undefined", "n/a");

  /** Events that OpenInference, AI SDK and OpenLLMetry write when a stream's first chunk comes. */
  private static final Set<String> FIRST_CHUNK_EVENTS =
      Set.of(
          "First Token Stream Event",
          "ai.stream.firstChunk",
          "llm.content.completion.chunk",
          "gen_ai.content.completion.chunk");

  /** Objects whose member {@code model} is the model asked for. */
  private static final Attr[] PARAMETERS = {
    Attr.LLM_INVOCATION_PARAMETERS, Attr.ADK_LLM_REQUEST, Attr.LOGFIRE_REQUEST, Attr.MLFLOW_INPUTS
  };

  /** Where an operation stands by that name, in order of precedence. */
  private static final Attr[] OPERATIONS = {
    Attr.OPERATION_NAME, Attr.DB_OPERATION_NAME, Attr.DB_OPERATION
  };

  private CallFacts() {}

  /** The session the span states; null: none, or junk. */
  static @Nullable String session(Facts facts) {
    return somebody(facts, Precedence.SESSION);
  }

  /** The user the span states; null: none, or junk. */
  static @Nullable String user(Facts facts) {
    return somebody(facts, Precedence.USER);
  }

  /** Junk hides nobody: the first id that is one stands. */
  private static @Nullable String somebody(Facts facts, Attr[] precedence) {
    for (Attr attr : precedence) {
      String id = facts.identifier(attr);
      if (id != null && !isJunkSession(id)) {
        return id;
      }
    }
    return null;
  }

  static boolean isJunkSession(String id) {
    return id.length() <= 9 && JUNK_SESSIONS.contains(id.toLowerCase(Locale.ROOT));
  }

  static Purpose purpose(Facts facts) {
    Object stated = facts.raw(Attr.TRIBUTARY_PURPOSE);
    if (stated == null || stated.toString().isBlank()) {
      return Purpose.PRODUCT;
    }
    for (Purpose purpose : Purpose.values()) {
      if (purpose != Purpose.UNKNOWN && purpose.name().equalsIgnoreCase(stated.toString())) {
        return purpose;
      }
    }
    // A judge that is taken for a product would be judged in turn, and its cost compared.
    facts.coercion().failed(Attr.TRIBUTARY_PURPOSE.attribute);
    return Purpose.UNKNOWN;
  }

  static @Nullable String modelRequested(Facts facts) {
    String named = model(facts, Precedence.MODEL_REQUESTED);
    for (int i = 0; named == null && i < PARAMETERS.length; i++) {
      Attr attr = PARAMETERS[i];
      if (facts.has(attr)) {
        String text = facts.text(attr);
        String model = Json.topLevel(text, "model");
        model = model == null ? Json.topLevel(text, "model_name") : model;
        model = model == null ? Json.topLevel(text, "model_id") : model;
        model = model == null ? Json.topLevel(text, "modelId") : model;
        named = facts.coercion().identifier(attr.attribute, model);
      }
    }
    return named;
  }

  /**
   * The model that answered; where the attributes are silent, the reply that stands in one.
   *
   * @param attributes all of the span's, for names that begin with a provider's
   */
  static @Nullable String modelReturned(Facts facts, Attributes attributes) {
    String named = model(facts, Precedence.MODEL_RETURNED);
    if (named == null && facts.has(Attr.ADK_LLM_RESPONSE)) {
      String model = Json.topLevel(facts.text(Attr.ADK_LLM_RESPONSE), "model_version");
      named = facts.coercion().identifier(Attr.ADK_LLM_RESPONSE.attribute, model);
    }
    return named == null ? rawModel(attributes, facts.coercion()) : named;
  }

  private static @Nullable String model(Facts facts, Attr[] precedence) {
    for (Attr attr : precedence) {
      String name = facts.identifier(attr);
      if (name != null && !JUNK_MODELS.contains(name.toLowerCase(Locale.ROOT))) {
        return name;
      }
    }
    return null;
  }

  /** LiteLLM's raw reply: {@code llm.openai.model} beside {@code llm.openai.usage}. */
  private static @Nullable String rawModel(Attributes attributes, Coercion coercion) {
    for (int i = 0; i < attributes.size(); i++) {
      String name = attributes.name(i);
      boolean isRaw =
          attributes.known(i) == null
              && name.startsWith("llm.")
              && name.endsWith(".model")
              && name.indexOf('.', 4) == name.length() - 6;
      if (isRaw) {
        return coercion.identifier("llm.raw.model", attributes.value(i));
      }
    }
    return null;
  }

  /** Whether the answer was streamed; null: not stated. */
  static @Nullable Boolean stream(Facts facts) {
    for (Attr attr : Precedence.STREAM) {
      Boolean stated = facts.has(attr) ? facts.truth(attr) : null;
      if (stated != null) {
        return stated;
      }
    }
    if (facts.raw(Attr.AI_OPERATION_ID) instanceof String operation) {
      return operation.startsWith("ai.stream")
          ? Boolean.TRUE
          : operation.startsWith("ai.generate") ? Boolean.FALSE : null;
    }
    for (Attr attr : new Attr[] {Attr.LLM_INVOCATION_PARAMETERS, Attr.LANGFUSE_MODEL_PARAMETERS}) {
      String stated = facts.has(attr) ? Json.topLevel(facts.text(attr), "stream") : null;
      if (stated != null) {
        return stated.equals("true");
      }
    }
    return null;
  }

  /** Time to the first token, microseconds; null: not stated. */
  static @Nullable Long timeToFirstTokenUs(OtlpSpan span, Facts facts, boolean isStrands) {
    BigDecimal seconds = facts.decimal(Attr.RESPONSE_TIME_TO_FIRST_CHUNK);
    if (seconds == null) {
      seconds = facts.decimal(Attr.SERVER_TIME_TO_FIRST_TOKEN);
    }
    if (seconds != null) {
      // Strands writes milliseconds under the convention's name for seconds.
      return micros(seconds, isStrands ? MILLIS_TO_MICROS : MICROS);
    }
    BigDecimal millis = facts.decimal(Attr.AI_RESPONSE_MS_TO_FIRST_CHUNK);
    if (millis == null) {
      millis = facts.decimal(Attr.AI_STREAM_MS_TO_FIRST_CHUNK);
    }
    if (millis == null) {
      millis = facts.decimal(Attr.BARE_TTFT_MS);
    }
    if (millis != null) {
      return micros(millis, MILLIS_TO_MICROS);
    }
    String started = facts.identifier(Attr.LANGFUSE_COMPLETION_START);
    return started == null ? firstChunkUs(span) : sinceStart(span, started, facts.coercion());
  }

  /** When the first chunk came, by the event that marks it; null: none does. */
  private static @Nullable Long firstChunkUs(OtlpSpan span) {
    for (OtlpSpan.Event event : span.events()) {
      if (FIRST_CHUNK_EVENTS.contains(event.name()) && event.timeNanos() >= span.startNanos()) {
        return (event.timeNanos() - span.startNanos()) / 1_000;
      }
    }
    return null;
  }

  private static @Nullable Long micros(BigDecimal number, int shift) {
    // Finer than a microsecond is noise: towards zero.
    BigDecimal micros = number.movePointRight(shift).setScale(0, RoundingMode.DOWN);
    return micros.signum() < 0 || micros.precision() > 18 ? null : micros.longValueExact();
  }

  private static @Nullable Long sinceStart(OtlpSpan span, String instant, Coercion coercion) {
    try {
      Instant start = Instant.parse(instant);
      long micros = ChronoUnit.MICROS.between(Instant.EPOCH, start);
      long since = micros - span.startNanos() / 1_000;
      return since < 0 ? null : since;
    } catch (DateTimeException | ArithmeticException e) {
      coercion.failed(Attr.LANGFUSE_COMPLETION_START.attribute);
      return null;
    }
  }

  /**
   * A cost that the payload itself states.
   *
   * @param amount US dollars
   * @param source attribute that stated it
   */
  record ReportedCost(String amount, String source) {}

  static @Nullable ReportedCost reportedCost(Facts facts) {
    ReportedCost ofObject = costIn(facts, Attr.LANGFUSE_COST_DETAILS, "total");
    ofObject = ofObject == null ? costIn(facts, Attr.MLFLOW_COST, "total_cost") : ofObject;
    if (ofObject != null) {
      return ofObject;
    }
    for (Attr attr : Precedence.REPORTED_COST) {
      BigDecimal amount = facts.decimal(attr);
      if (amount != null) {
        return new ReportedCost(amount.toPlainString(), attr.attribute);
      }
    }
    return null;
  }

  /** A member of a cost object, read like any number: its exponent may stand for gigabytes. */
  private static @Nullable ReportedCost costIn(Facts facts, Attr attr, String member) {
    JsonNode object = Json.tree(facts.text(attr));
    JsonNode stated = object == null ? null : object.path(member);
    BigDecimal amount =
        stated != null && stated.isNumber()
            ? facts.coercion().decimal(attr.attribute, stated.asText())
            : null;
    return amount == null ? null : new ReportedCost(amount.toPlainString(), attr.attribute);
  }

  /** The operation's own word: the convention's or a database's, else what states the kind. */
  static @Nullable String operation(Facts facts, @Nullable Attr stated) {
    Attr attr = stated;
    for (int i = OPERATIONS.length - 1; i >= 0; i--) {
      attr = facts.has(OPERATIONS[i]) ? OPERATIONS[i] : attr;
    }
    if (attr == null && facts.has(Attr.MCP_METHOD_NAME)) {
      attr = Attr.MCP_METHOD_NAME;
    }
    return attr == null ? null : facts.coercion().word(attr.attribute, facts.raw(attr));
  }

  /** The gateway a call went through; LiteLLM's own spans are one's. Null: not stated. */
  static @Nullable String gateway(Facts facts, String dialect) {
    String stated = facts.identifier(Attr.TRIBUTARY_GATEWAY);
    return stated == null && dialect.equals(LiteLlmDialect.NAME) ? LiteLlmDialect.NAME : stated;
  }

  /** Attempt number from 1; null: not stated. */
  static @Nullable Integer attempt(Facts facts) {
    Long attempt = facts.number(Attr.TRIBUTARY_ATTEMPT);
    Long resends = attempt == null ? facts.number(Attr.HTTP_RESEND_COUNT) : null;
    long number = attempt != null ? attempt : resends == null ? 0 : resends + 1;
    return number < 1 || number > 1_000_000 ? null : (int) number;
  }

  /** Tier that was billed; null: not stated, or left to the provider. */
  static @Nullable String serviceTier(Facts facts, ProviderMetadata metadata) {
    String stated = facts.identifier(Precedence.SERVICE_TIER);
    String tier = stated == null ? metadata.serviceTier() : stated;
    return tier == null || tier.equals("auto") ? null : tier;
  }

  /** Probability of a head sampler; null: not stated. */
  static @Nullable Double samplingProbability(OtlpSpan span, Facts facts) {
    BigDecimal stated = facts.decimal(Attr.TRIBUTARY_SAMPLING_PROBABILITY);
    if (stated != null) {
      Double probability = stated.doubleValue();
      return isProbability(probability) ? probability : null;
    }
    return ofThreshold(span.traceState());
  }

  /** Whether a sampler can have kept something with this probability. */
  static boolean isProbability(@Nullable Double stated) {
    return stated != null && stated > 0 && stated <= 1;
  }

  /**
   * OpenTelemetry's consistent sampling: {@code ot=th:c} rejects below 0xc0000000000000 of 2^56.
   * Only its own member of the trace state counts: others may look alike.
   */
  private static @Nullable Double ofThreshold(String traceState) {
    for (String member : traceState.split(",", -1)) {
      String stated = member.strip();
      if (stated.startsWith("ot=")) {
        for (String part : stated.substring(3).split(";", -1)) {
          if (part.startsWith("th:")) {
            return probability(part.substring(3));
          }
        }
      }
    }
    return null;
  }

  private static @Nullable Double probability(String digits) {
    if (!digits.matches("[0-9a-fA-F]{1,14}")) {
      return null;
    }
    long threshold = Long.parseLong(digits, 16) << (4 * (14 - digits.length()));
    return 1.0 - threshold / (double) (1L << 56);
  }
}
