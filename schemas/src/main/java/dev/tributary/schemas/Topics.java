package dev.tributary.schemas;

import dev.tributary.schemas.Topic.Cleanup;
import java.time.Duration;
import java.util.List;

/**
 * The topic catalogue: every topic of the product, in the order of the flow. {@code docs/topics.md}
 * and {@code ops/topics} are generated from it.
 */
public final class Topics {
  private static final int PARTITIONS = 12;
  private static final String BY_TRACE = "trace";
  private static final Duration LONG = Duration.ofDays(400);
  private static final Duration WEEKS = Duration.ofDays(35);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration DAYS = Duration.ofDays(3);

  /** OTLP trace requests, one record per request, as Collectors write them. */
  public static final Topic<byte[], byte[]> OTLP_SPANS =
      raw("otlp_spans", "OTLP trace requests as a Collector's Kafka exporter writes them.");

  /** OTLP log requests. */
  public static final Topic<byte[], byte[]> OTLP_LOGS =
      raw("otlp_logs", "OTLP log requests: evaluation results and exceptions.");

  /** OTLP metric requests. */
  public static final Topic<byte[], byte[]> OTLP_METRICS =
      raw("otlp_metrics", "OTLP metric requests: accelerators and inference servers.");

  /** Spans that producers write in our own schema. */
  public static final Topic<byte[], Span> SPANS_IN =
      new Topic<>(
          "llm.spans.in.v1",
          byte[].class,
          "any",
          Span.class,
          PARTITIONS,
          Cleanup.DELETE,
          DAYS,
          "producers",
          null,
          "Spans that producers write as Avro; normalised like any other.");

  /** Normalised spans. */
  public static final Topic<String, Span> SPANS =
      byTrace(
          "llm.spans.v1", Span.class, WEEK, "stream-normalize", "Normalised spans, without text.");

  /** The text of spans. */
  public static final Topic<String, SpanContent> SPAN_CONTENT =
      byTrace(
          "llm.span-content.v1",
          SpanContent.class,
          DAYS,
          "stream-normalize",
          "Content of spans; the only derived topic that holds text.");

  /** Reference data, whole timelines. */
  public static final Topic<String, Reference> REF =
      new Topic<>(
          "llm.ref.v1",
          String.class,
          "tenant|kind|id",
          Reference.class,
          1,
          Cleanup.COMPACT,
          null,
          "command-line tool",
          null,
          "Reference data (rate cards, ownership, prompts, budgets, policies); rows before their"
              + " manifest.");

  /** Commands on ledger lines. */
  public static final Topic<String, Correction> CORRECTIONS =
      byTrace(
          "llm.corrections.v1",
          Correction.class,
          LONG,
          "command-line tool",
          "Commands on ledger lines; keyed by source, a trace id for usage.");

  /** The signed ledger. */
  public static final Topic<String, LedgerEntry> LEDGER =
      byTrace(
          "llm.ledger.v1",
          LedgerEntry.class,
          LONG,
          "stream-attribution",
          "Signed entries of the ledger; every total is a sum over them.");

  /** Closed traces. */
  public static final Topic<String, TraceSummary> TRACES =
      byTrace(
          "llm.traces.v1",
          TraceSummary.class,
          WEEKS,
          "stream-attribution",
          "Closed traces; the highest revision wins.");

  /** Sessions. */
  public static final Topic<String, SessionSummary> SESSIONS =
      keyed(
          "llm.sessions.v1",
          "tenant|session",
          SessionSummary.class,
          WEEKS,
          "stream-attribution",
          "Sessions so far; the highest revision wins.");

  /** Windows, cells and minute-closed records. */
  public static final Topic<String, WindowRecord> WINDOWS =
      keyed(
          "llm.windows.v1",
          "tenant|series",
          WindowRecord.class,
          WEEKS,
          "stream-cost",
          "Windows and cells, with a record for every minute that closed.");

  /** Scores. */
  public static final Topic<String, Score> SCORES =
      byTrace(
          "llm.scores.v1",
          Score.class,
          LONG,
          "stream-eval-dispatch",
          "Scores, labels and outcomes, with the dimensions of their subject.");

  /** Gauges of hosts and inference servers. */
  public static final Topic<String, Gauge> GAUGES =
      keyed(
          "llm.gauges.v1",
          "tenant|host|model",
          Gauge.class,
          WEEK,
          "stream-normalize",
          "Measurements of accelerators and inference servers.");

  /** Evaluation jobs for cheap, deterministic evaluators. */
  public static final Topic<String, EvalJob> EVAL_JOBS_FAST =
      evalJobs("fast", "deterministic evaluators");

  /** Evaluation jobs for LLM judges. */
  public static final Topic<String, EvalJob> EVAL_JOBS_JUDGE = evalJobs("judge", "LLM judges");

  /** Evaluation jobs for people. */
  public static final Topic<String, EvalJob> EVAL_JOBS_HUMAN = evalJobs("human", "people");

  /** Results of evaluations. */
  public static final Topic<String, EvalResult> EVAL_RESULTS =
      byTrace(
          "llm.eval.results.v1",
          EvalResult.class,
          WEEKS,
          "stream-normalize, eval-worker, producers, command-line tool",
          "Results of evaluations; keyed tenant|subject where no trace id is known.");

  /** Sampling rates. */
  public static final Topic<String, EvalRate> EVAL_RATES =
      new Topic<>(
          "llm.eval.rates.v1",
          String.class,
          "tenant|policy|stratum@team|from",
          EvalRate.class,
          1,
          Cleanup.COMPACT,
          null,
          "stream-eval-dispatch",
          null,
          "Sampling rates, each from a time on, written by one controller.");

  /** States of anomaly episodes. */
  public static final Topic<String, Anomaly> ANOMALIES =
      keyed(
          "llm.anomalies.v1",
          "tenant|episode",
          Anomaly.class,
          WEEKS,
          "stream-anomaly",
          "States of anomaly episodes with their causes.");

  /** Alerts for owning teams. */
  public static final Topic<String, Alert> ALERTS =
      keyed(
          "llm.alerts.v1",
          "tenant|team",
          Alert.class,
          WEEKS,
          "stream-anomaly",
          "Notifications for the owning team.");

  /** What became of alerts. */
  public static final Topic<String, AlertDelivery> ALERT_DELIVERIES =
      keyed(
          "llm.alert-deliveries.v1",
          "tenant|team",
          AlertDelivery.class,
          WEEKS,
          "alert-router",
          "What became of each alert on each route; the router's memory over a restart.");

  /** Things noticed. */
  public static final Topic<String, Event> EVENTS =
      keyed(
          "llm.events.v1",
          "tenant|subject",
          Event.class,
          WEEKS,
          "any stream, command-line tool",
          "Changes noticed, budgets crossed, results of comparisons and gates.");

  /** What a gateway may obey now. */
  public static final Topic<String, Signal> SIGNALS =
      new Topic<>(
          "llm.signals.v1",
          String.class,
          "tenant|scope",
          Signal.class,
          PARTITIONS,
          Cleanup.COMPACT,
          null,
          "stream-attribution, stream-cost, stream-anomaly, stream-eval-dispatch",
          null,
          "Current state for gateways: runaway traces, budgets, episodes, queues of evaluations.");

  /** Records that were understood and refused. */
  public static final Topic<String, Rejected> REJECTED =
      keyed(
          "llm.rejected.v1",
          "the original key, or the tenant",
          Rejected.class,
          WEEKS,
          "all",
          "Records that were understood and refused, with the reason and without text.");

  /** Records that could not be decoded. */
  public static final Topic<byte[], byte[]> DLQ =
      new Topic<>(
          "llm.dlq",
          byte[].class,
          "the original key",
          byte[].class,
          PARTITIONS,
          Cleanup.DELETE,
          DAYS,
          "all",
          null,
          "Records that could not be decoded, as they came; may hold text, access like content.");

  private static final List<Topic<?, ?>> ALL =
      List.of(
          OTLP_SPANS,
          OTLP_LOGS,
          OTLP_METRICS,
          SPANS_IN,
          SPANS,
          SPAN_CONTENT,
          REF,
          CORRECTIONS,
          LEDGER,
          TRACES,
          SESSIONS,
          WINDOWS,
          SCORES,
          GAUGES,
          EVAL_JOBS_FAST,
          EVAL_JOBS_JUDGE,
          EVAL_JOBS_HUMAN,
          EVAL_RESULTS,
          EVAL_RATES,
          ANOMALIES,
          ALERTS,
          ALERT_DELIVERIES,
          EVENTS,
          SIGNALS,
          REJECTED,
          DLQ);

  private Topics() {}

  /** Every topic, in the order of the flow. */
  public static List<Topic<?, ?>> all() {
    return ALL;
  }

  private static Topic<byte[], byte[]> raw(String name, String purpose) {
    return new Topic<>(
        name,
        byte[].class,
        "any",
        byte[].class,
        PARTITIONS,
        Cleanup.DELETE,
        DAYS,
        "producers",
        null,
        purpose + " Holds text.");
  }

  private static <V> Topic<String, V> byTrace(
      String name, Class<V> value, Duration retention, String owner, String purpose) {
    return new Topic<>(
        name,
        String.class,
        "tenant|trace",
        value,
        PARTITIONS,
        Cleanup.DELETE,
        retention,
        owner,
        BY_TRACE,
        purpose);
  }

  private static Topic<String, EvalJob> evalJobs(String route, String whom) {
    return byTrace(
        "llm.eval.jobs." + route + ".v1",
        EvalJob.class,
        WEEK,
        "stream-eval-dispatch",
        "Evaluation jobs for " + whom + ".");
  }

  private static <V> Topic<String, V> keyed(
      String name,
      String keyMeaning,
      Class<V> value,
      Duration retention,
      String owner,
      String purpose) {
    return new Topic<>(
        name,
        String.class,
        keyMeaning,
        value,
        PARTITIONS,
        Cleanup.DELETE,
        retention,
        owner,
        null,
        purpose);
  }
}
