package dev.tributary.standalone.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.Tags;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest spans of a service from ClickHouse, with the tags and calls of their ledger
 * lines and the start of their parents.
 */
public final class ServiceSource {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SPANS =
      """
      WITH picked AS (
        SELECT *, environment FROM spans WHERE tenant = %1$s AND service_name = %2$s
        ORDER BY end_time DESC, kafka_partition, kafka_offset
        LIMIT 1 BY tenant, trace_id, span_id LIMIT %3$d)
      SELECT s.trace_id AS trace_id, s.span_id AS span_id, s.parent_span_id AS parent_span_id,
        toUnixTimestamp64Micro(s.start_time) AS start_us, toUnixTimestamp64Micro(s.end_time) AS end_us,
        s.has_end AS has_end, s.scope_name AS scope_name, s.scope_version AS scope_version,
        s.kind AS kind, s.operation AS operation, s.provider AS provider, s.model_requested AS model_requested,
        s.model_returned AS model_returned, s.response_id AS response_id, s.stream AS stream,
        s.ttft_us AS ttft_us, s.input_uncached_tokens AS input_uncached, s.cache_read_tokens AS cache_read,
        s.cache_write_5m_tokens AS cache_write_5m, s.cache_write_1h_tokens AS cache_write_1h,
        s.output_text_tokens AS output_text, s.reasoning_tokens AS reasoning,
        s.input_audio_tokens AS input_audio, s.input_image_tokens AS input_image,
        s.output_audio_tokens AS output_audio, s.output_image_tokens AS output_image,
        s.usage_quality AS usage_quality, s.usage_convention AS usage_convention,
        s.usage_error AS usage_error, s.finish_reasons AS finish_reasons,
        s.finish_reasons_raw AS finish_reasons_raw, s.status AS status, s.error_type AS error_type,
        s.http_status AS http_status, s.sampling_probability AS sampling_probability,
        s.tool_name AS tool_name, s.tool_args_hash AS tool_args_hash, s.user_hash AS user_hash,
        s.retrieval_source AS retrieval_source, s.retrieval_hits AS retrieval_hits,
        s.unknown_attributes AS unknown_attributes, s.dialect AS dialect, s.tags AS tags,
        s.resource_tags AS resource_tags, coalesce(s.session_id, t.session_id) AS session_id,
        l.calls AS calls, l.feature_provenance AS feature_provenance,
        l.team_provenance AS team_provenance, l.workspace AS workspace, l.environment AS environment,
        l.prompt_version AS prompt_version, toUnixTimestamp64Micro(p.start) AS parent_start_us
      FROM picked AS s
      LEFT JOIN (
        SELECT source, item, calls, feature_provenance, team_provenance, workspace, environment, prompt_version
        FROM lines_net
        WHERE tenant = %1$s AND kind = 'USAGE' AND source IN (SELECT trace_id FROM picked)
      ) AS l ON l.source = s.trace_id AND l.item = s.span_id
      LEFT JOIN (
        SELECT trace_id, span_id, min(start_time) AS start FROM spans
        WHERE tenant = %1$s AND trace_id IN (SELECT trace_id FROM picked) GROUP BY trace_id, span_id
      ) AS p ON p.trace_id = s.trace_id AND p.span_id = s.parent_span_id
      LEFT JOIN (
        SELECT trace_id, session_id FROM traces FINAL
        WHERE tenant = %1$s AND trace_id IN (SELECT trace_id FROM picked)
      ) AS t ON t.trace_id = s.trace_id
      SETTINGS join_use_nulls = 1
      """;

  private final SqlClient sql;
  private final String tenant;

  /** Reads one tenant's spans. */
  public ServiceSource(SqlClient sql, String tenant) {
    this.sql = sql;
    this.tenant = tenant;
  }

  /**
   * Judges a service.
   *
   * @param limit most spans read, the newest
   * @return empty where nothing of the service has come
   */
  public LintReport read(String service, int limit) throws IOException, InterruptedException {
    String query = SPANS.formatted(SqlLiteral.text(tenant), SqlLiteral.text(service), limit);
    List<LintedSpan> spans = new ArrayList<>();
    Set<String> traces = new HashSet<>();
    for (String line : sql.run(query, "JSONEachRow").lines().toList()) {
      LintedSpan span = linted(JSON.readTree(line), service);
      traces.add(span.span().getTraceId());
      spans.add(span);
    }
    Map<String, Long> reasons = new HashMap<>();
    String rejected =
        "SELECT reason, count() FROM rejected WHERE tenant = %s AND service_name = %s AND module = 'normalize'"
                .formatted(SqlLiteral.text(tenant), SqlLiteral.text(service))
            + " AND reason != 'INVALID_USAGE' GROUP BY reason";
    for (List<String> row : sql.rows(rejected)) {
      reasons.put(row.get(0), Long.valueOf(row.get(1)));
    }
    Map<ScopeId, Map<String, Long>> byScope =
        reasons.isEmpty() ? Map.of() : Map.of(new ScopeId(service, null, null), reasons);
    String source = "the newest " + spans.size() + " spans of " + service;
    return LintReport.of(
        spans, byScope, Map.of(), new LintReport.Facts(source, List.of(), 0, traces.size()));
  }

  /** Services that spans have come from, the refused among them, the busiest first. */
  public List<String> services() throws IOException, InterruptedException {
    return sql
        .rows(
            """
            SELECT service_name FROM (
              SELECT service_name FROM spans WHERE tenant = %1$s
              UNION ALL
              SELECT service_name FROM rejected WHERE tenant = %1$s AND module = 'normalize')
            WHERE service_name IS NOT NULL GROUP BY service_name ORDER BY count() DESC LIMIT 20
            """
                .formatted(SqlLiteral.text(tenant)))
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  private static LintedSpan linted(JsonNode row, String service) {
    Span span = span(row, service);
    String parent = span.getParentSpanId();
    return new LintedSpan(
        span,
        LintReport.known(tags(row)),
        text(row, "session_id") != null,
        row.path("calls").asLong() > 0,
        parent == null
            ? LintedSpan.Parent.NONE
            : new LintedSpan.Parent(true, number(row, "parent_start_us")),
        List.of());
  }

  private static Span span(JsonNode row, String service) {
    Span span = new Span();
    span.setTraceId(row.path("trace_id").asText());
    span.setSpanId(row.path("span_id").asText());
    span.setParentSpanId(text(row, "parent_span_id"));
    span.setStartTimeUs(row.path("start_us").asLong());
    span.setEndTimeUs(row.path("end_us").asLong());
    span.setHasEnd(row.path("has_end").asBoolean());
    span.setServiceName(service);
    span.setScopeName(text(row, "scope_name"));
    span.setScopeVersion(text(row, "scope_version"));
    span.setKind(SpanKind.valueOf(row.path("kind").asText()));
    span.setOperation(text(row, "operation"));
    span.setProvider(text(row, "provider"));
    span.setModelRequested(text(row, "model_requested"));
    span.setModelReturned(text(row, "model_returned"));
    span.setResponseId(text(row, "response_id"));
    span.setStream(row.path("stream").isBoolean() ? row.path("stream").booleanValue() : null);
    span.setTtftUs(number(row, "ttft_us"));
    span.setUsage(usage(row));
    span.setUsageQuality(UsageQuality.valueOf(row.path("usage_quality").asText()));
    span.setUsageConvention(UsageConvention.valueOf(row.path("usage_convention").asText()));
    span.setUsageError(text(row, "usage_error"));
    span.setFinishReasons(
        texts(row, "finish_reasons").stream().map(FinishReason::valueOf).toList());
    span.setFinishReasonsRaw(texts(row, "finish_reasons_raw"));
    span.setStatus(SpanStatus.valueOf(row.path("status").asText()));
    span.setErrorType(text(row, "error_type"));
    Long http = number(row, "http_status");
    span.setHttpStatus(http == null ? null : http.intValue());
    JsonNode sampling = row.path("sampling_probability");
    span.setSamplingProbability(sampling.isNumber() ? sampling.doubleValue() : null);
    span.setToolName(text(row, "tool_name"));
    span.setToolArgsHash(text(row, "tool_args_hash"));
    span.setUserHash(text(row, "user_hash"));
    if (span.getKind() == SpanKind.RETRIEVAL || span.getKind() == SpanKind.RERANK) {
      Retrieval retrieval = new Retrieval();
      retrieval.setSource(text(row, "retrieval_source"));
      Long hits = number(row, "retrieval_hits");
      retrieval.setHits(hits == null ? null : hits.intValue());
      span.setRetrieval(retrieval);
    }
    span.setUnknownAttributes(texts(row, "unknown_attributes"));
    span.setDialect(row.path("dialect").asText());
    span.setTags(new Tags());
    span.setResourceTags(new Tags());
    return span;
  }

  private static @Nullable TokenUsage usage(JsonNode row) {
    if ("MISSING".equals(row.path("usage_quality").asText())) {
      return null;
    }
    TokenUsage usage = new TokenUsage();
    usage.setInputUncached(number(row, "input_uncached"));
    usage.setCacheRead(number(row, "cache_read"));
    usage.setCacheWrite5m(number(row, "cache_write_5m"));
    usage.setCacheWrite1h(number(row, "cache_write_1h"));
    usage.setOutputText(number(row, "output_text"));
    usage.setReasoning(number(row, "reasoning"));
    usage.setInputAudio(number(row, "input_audio"));
    usage.setInputImage(number(row, "input_image"));
    usage.setOutputAudio(number(row, "output_audio"));
    usage.setOutputImage(number(row, "output_image"));
    return usage;
  }

  /**
   * Where each tag came from. The table of lines says it for feature and team; of the others it has
   * the value, and what neither the span nor its resource states came down from above.
   */
  private static Map<String, @Nullable Provenance> tags(JsonNode row) {
    Map<String, @Nullable Provenance> tags = new HashMap<>();
    for (String tag : Tally.TAGS.keySet()) {
      JsonNode provenance = row.path(tag + "_provenance");
      if (provenance.isTextual()) {
        tags.put(tag, Provenance.valueOf(provenance.textValue().toUpperCase(Locale.ROOT)));
      } else if (row.path("tags").has(tag)) {
        tags.put(tag, Provenance.OWN);
      } else if (row.path(tag).isTextual() && !"unattributed".equals(row.path(tag).textValue())) {
        tags.put(
            tag, row.path("resource_tags").has(tag) ? Provenance.RESOURCE : Provenance.ANCESTOR);
      }
    }
    return tags;
  }

  private static @Nullable String text(JsonNode row, String name) {
    JsonNode value = row.path(name);
    return value.isTextual() ? value.textValue() : null;
  }

  /** A number; ClickHouse may write 64 bits as text. */
  private static @Nullable Long number(JsonNode row, String name) {
    JsonNode value = row.path(name);
    return value.isNumber() || value.isTextual() ? Long.valueOf(value.asText()) : null;
  }

  private static List<String> texts(JsonNode row, String name) {
    List<String> texts = new ArrayList<>();
    row.path(name).forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
