package dev.tributary.standalone.demo;

import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What a trace of a feature is on average: what its windows are made of when it is not itself sent.
 *
 * @param feature the feature
 * @param calls model calls, failed attempts included
 * @param failed failed ones
 * @param unpriced calls with usage, but without a price
 * @param lengthStops calls cut at the token limit
 * @param finished calls that state how they ended
 * @param toolCalls calls of tools
 * @param toolFailures failed ones
 * @param retrievals retrievals
 * @param latencyUs time in model calls, microseconds
 * @param uncached uncached input tokens
 * @param cacheRead input tokens read from cache
 * @param cacheWrite input tokens written to cache
 * @param text output tokens without reasoning
 * @param reasoning reasoning tokens
 * @param picodollars cost, 10^-12 US dollars
 * @param spread standard deviation of the cost over its mean
 */
public record UsualTrace(
    String feature,
    double calls,
    double failed,
    double unpriced,
    double lengthStops,
    double finished,
    double toolCalls,
    double toolFailures,
    double retrievals,
    double latencyUs,
    double uncached,
    double cacheRead,
    double cacheWrite,
    double text,
    double reasoning,
    double picodollars,
    double spread) {
  /** A tenth of a percent of the calls is very dear: so many traces know their share. */
  private static final int SAMPLE = 3_000;

  /** Means over traces that the simulator writes for a feature in production, never sent. */
  static UsualTrace of(Feature feature, SplittableRandom random) {
    Books books = new Books();
    Tally tally = new Tally();
    TraceWriter writer = new TraceWriter(random, books, tally, null);
    double sumOfSquares = 0;
    for (int i = 0; i < SAMPLE; i++) {
      long before = books.total().picodollars;
      String version = Feature.PROMPT_VERSIONS.get(i % Feature.PROMPT_VERSIONS.size());
      writer.write(0, feature, true, TraceWriter.PRODUCTION, version);
      double cost = (double) (books.total().picodollars - before);
      sumOfSquares += cost * cost;
    }
    Books.Sums sums = books.total();
    double mean = mean(sums.picodollars);
    double variance = Math.max(0, sumOfSquares / SAMPLE - mean * mean);
    return new UsualTrace(
        feature.name(),
        mean(sums.calls),
        mean(sums.failed),
        mean(sums.unpriced),
        mean(tally.lengthStops),
        mean(tally.finished),
        mean(tally.toolCalls),
        mean(tally.toolFailures),
        mean(tally.retrievals),
        mean(tally.latencyUs),
        mean(sums.uncached),
        mean(sums.cacheRead),
        mean(sums.cacheWrite),
        mean(sums.text),
        mean(sums.reasoning),
        mean,
        mean == 0 ? 0 : Math.sqrt(variance) / mean);
  }

  private static double mean(long sum) {
    return (double) sum / SAMPLE;
  }

  /** Counts what the books do not have. */
  private static final class Tally implements Consumer<SpanDraft> {
    private long lengthStops;
    private long finished;
    private long toolCalls;
    private long toolFailures;
    private long retrievals;
    private long latencyUs;

    @Override
    public void accept(SpanDraft draft) {
      Span span = draft.build();
      boolean hasFailed = span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR;
      switch (text(span, "gen_ai.operation.name")) {
        case "chat" -> call(span, hasFailed);
        case "embeddings" -> latencyUs += duration(span);
        case "retrieval" -> retrievals++;
        case "execute_tool" -> {
          toolCalls++;
          toolFailures += hasFailed ? 1 : 0;
        }
        default -> {
          // agents and roots own no usage
        }
      }
    }

    private void call(Span span, boolean hasFailed) {
      latencyUs += duration(span);
      if (hasFailed) {
        return;
      }
      finished++;
      lengthStops += text(span, "gen_ai.response.finish_reasons").equals("length") ? 1 : 0;
    }

    private static long duration(Span span) {
      return (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1_000;
    }

    private static String text(Span span, String key) {
      for (KeyValue attribute : span.getAttributesList()) {
        if (attribute.getKey().equals(key)) {
          return attribute.getValue().hasArrayValue()
              ? attribute.getValue().getArrayValue().getValues(0).getStringValue()
              : attribute.getValue().getStringValue();
        }
      }
      return "";
    }
  }
}
