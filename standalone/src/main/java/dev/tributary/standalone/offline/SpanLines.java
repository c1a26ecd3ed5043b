package dev.tributary.standalone.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.attribution.core.Booking;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UnitUsage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** The JSON line of a span; null stands for what the payload does not say. */
final class SpanLines {
  private static final List<String> NOT_CONTENT =
      List.of("tenant", "trace_id", "span_id", "event_time_us", "session_id", "user_hash");

  private final ObjectMapper mapper = new ObjectMapper();

  String line(Path file, Normalized result, Booking booking, int index) {
    Span span = result.span();
    TokenUsage usage = span.getUsage();
    ObjectNode line = ids(file, span.getTraceId(), span.getSpanId());
    line.put("parent_span_id", span.getParentSpanId());
    line.put("kind", word(span.getKind()));
    line.put("usage_counted", booking.ownsUsage(index));
    line.put("input_tokens", usage == null ? null : inputTotal(usage));
    line.put("output_tokens", usage == null ? null : outputTotal(usage));
    line.put("cache_read_tokens", usage == null ? null : usage.getCacheRead());
    line.put("cache_write_tokens", usage == null ? null : cacheWrite(usage));
    line.put("reasoning_tokens", usage == null ? null : usage.getReasoning());
    units(line.putObject("units"), usage == null ? null : usage.getUnits());
    line.put(
        "model",
        span.getModelReturned() == null ? span.getModelRequested() : span.getModelReturned());
    line.put("provider", span.getProvider());
    ArrayNode reasons = line.putArray("finish_reasons");
    finishReasons(span, reasons);
    line.put("session_id", booking.sessionId(index));
    line.put("error", span.getStatus() == SpanStatus.ERROR || span.getErrorType() != null);
    line.put("usage_quality", word(span.getUsageQuality()));
    tags(line.putObject("tags"), booking.attribution(index));
    content(line, result.content());
    return text(line);
  }

  String refused(Path file, RejectedSpan span) {
    ObjectNode line = ids(file, span.traceId(), span.spanId());
    line.put("usage_counted", false);
    line.put("rejected", span.reason().name());
    line.put("detail", span.detail());
    return text(line);
  }

  private ObjectNode ids(Path file, @Nullable String traceId, @Nullable String spanId) {
    return mapper
        .createObjectNode()
        .put("file", file.toString())
        .put("trace_id", traceId)
        .put("span_id", spanId);
  }

  private static void units(ObjectNode node, @Nullable UnitUsage units) {
    if (units != null) {
      for (Schema.Field field : units.getSchema().getFields()) {
        node.put(field.name(), (Long) units.get(field.pos()));
      }
    }
  }

  /** All input tokens, cached ones included; null: none stated. */
  static @Nullable Long inputTotal(TokenUsage usage) {
    return sum(
        usage.getInputUncached(),
        usage.getCacheRead(),
        usage.getCacheWrite5m(),
        usage.getCacheWrite1h(),
        usage.getInputAudio(),
        usage.getInputImage());
  }

  /** All output tokens, reasoning included; null: none stated. */
  static @Nullable Long outputTotal(TokenUsage usage) {
    return sum(
        usage.getOutputText(),
        usage.getReasoning(),
        usage.getOutputAudio(),
        usage.getOutputImage());
  }

  private static @Nullable Long cacheWrite(TokenUsage usage) {
    return sum(usage.getCacheWrite5m(), usage.getCacheWrite1h());
  }

  private static @Nullable Long sum(@Nullable Long... parts) {
    Long sum = null;
    for (Long part : parts) {
      if (part != null) {
        sum = sum == null ? part : Long.valueOf(sum + part);
      }
    }
    return sum;
  }

  private static void finishReasons(Span span, ArrayNode reasons) {
    List<FinishReason> normalised = span.getFinishReasons();
    List<String> raw = span.getFinishReasonsRaw();
    for (int i = 0; i < normalised.size(); i++) {
      boolean isUnknown = normalised.get(i) == FinishReason.UNKNOWN && i < raw.size();
      reasons.add(isUnknown ? raw.get(i) : word(normalised.get(i)));
    }
  }

  private static void tags(ObjectNode tags, Attribution attribution) {
    for (Schema.Field field : attribution.getSchema().getFields()) {
      if (attribution.get(field.pos()) instanceof ResolvedTag tag && tag.getValue() != null) {
        tags.put(field.name(), tag.getValue());
      }
    }
    attribution
        .getCustom()
        .forEach(
            (name, tag) -> {
              if (tag.getValue() != null) {
                tags.put(name, tag.getValue());
              }
            });
  }

  private void content(ObjectNode line, @Nullable SpanContent content) {
    if (content == null) {
      line.putNull("content");
      return;
    }
    ObjectNode object = line.putObject("content");
    SpecificRecord record = content;
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value instanceof String text && !NOT_CONTENT.contains(field.name())) {
        object.put(field.name(), text);
      }
    }
    content.getAttributes().forEach(object.withObjectProperty("attributes")::put);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private String text(ObjectNode line) {
    try {
      return mapper.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }
}
