package dev.tributary.standalone.drift;

import dev.tributary.standalone.platform.SqlLiteral;
import org.jspecify.annotations.Nullable;

/**
 * What is compared.
 *
 * @param tenant organisation
 * @param feature the feature
 * @param environment null: all, each by itself
 * @param fromUs begin of the period, microseconds since the epoch
 * @param toUs its end (exclusive)
 * @param referenceFromUs begin of the reference
 * @param referenceToUs its end (exclusive)
 */
public record DriftQuery(
    String tenant,
    String feature,
    @Nullable String environment,
    long fromUs,
    long toUs,
    long referenceFromUs,
    long referenceToUs) {

  /** Model of calls that name none; no alias of anything. */
  static final String UNKNOWN = "unknown";

  /** Refuses periods that are empty or overlap. */
  public DriftQuery {
    if (fromUs >= toUs || referenceFromUs >= referenceToUs) {
      throw new IllegalArgumentException("a period ends before it begins");
    }
    if (referenceFromUs < toUs && fromUs < referenceToUs) {
      throw new IllegalArgumentException("the reference overlaps the period");
    }
  }

  /**
   * Counts of calls: environment, prompt and its version, requested model, returned model, whether
   * now, measure, bucket, sum of weights (one each) and of their squares. Buckets of lengths and
   * times are quarter octaves; those of shares 1 and 0.
   */
  String calls() {
    return """
        SELECT environment, concat(prompt_name, ' ', prompt_version), ifNull(model_requested, 'unknown'), ifNull(model_returned, 'unknown'),
          %1$s AS is_now, measure.1 AS name, measure.2 AS bucket, toString(count()), toString(count())
        FROM (
          SELECT *, arrayFilter(m -> m.2 != '', [
            ('output length', if(output_text_tokens IS NULL AND reasoning_tokens IS NULL, '',
              toString(toInt32(floor(4 * log2(1 + ifNull(output_text_tokens, 0) + ifNull(reasoning_tokens, 0))))))),
            ('latency', toString(toInt32(floor(4 * log2(1 + greatest(latency_us, 0) / 1000))))),
            ('cost', if(cost IS NULL OR cost <= 0, '', toString(toInt32(floor(4 * log2(toFloat64(cost) * 1000000 + 1)))))),
            ('finish reason', if(empty(finish_reasons), '', toString(finish_reasons[1]))),
            ('tool use', if(empty(finish_reasons), '', toString(toUInt8(has(finish_reasons, 'TOOL_CALL'))))),
            ('refusals', if(empty(finish_reasons), '', toString(toUInt8(has(finish_reasons, 'REFUSAL'))))),
            ('errors', toString(toUInt8(error)))]) AS measures
          FROM calls_net
          WHERE %2$s AND purpose = 'PRODUCT' AND %3$s)
        ARRAY JOIN measures AS measure
        GROUP BY environment, prompt_name, prompt_version, model_requested, model_returned, is_now, name, bucket
        ORDER BY environment, prompt_name, prompt_version, model_requested, model_returned, is_now, name, bucket"""
        .formatted(now("event_time"), scope(), either("event_time"));
  }

  /**
   * The same of scores, in twentieths, at the end of what was judged; each weighs as many cases as
   * it stands for. What was requested is not known of them. What a business result is worth is no
   * score.
   */
  String scores() {
    return """
        SELECT environment, concat(prompt_name, ' ', prompt_version), '', ifNull(model, 'unknown'), %1$s AS is_now,
          concat('score ', if(source = 'EVALUATOR', '', concat(lower(source), '.')), name) AS measure,
          toString(toInt32(floor(value * 20))) AS bucket, toString(sum(weight)), toString(sum(weight * weight))
        FROM (
          SELECT *, coalesce(subject_end, scored_at) AS judged_at, 1 / coalesce(inclusion_probability, 1) AS weight
          FROM scores_net
          WHERE %2$s AND status = 'SCORED' AND value IS NOT NULL AND source != 'BUSINESS' AND coalesce(inclusion_probability, 1) > 0)
        WHERE %3$s
        GROUP BY environment, prompt_name, prompt_version, model, is_now, measure, bucket
        ORDER BY environment, prompt_name, prompt_version, model, is_now, measure, bucket"""
        .formatted(now("judged_at"), scope(), either("judged_at"));
  }

  private String scope() {
    String scope =
        "tenant = " + SqlLiteral.text(tenant) + " AND feature = " + SqlLiteral.text(feature);
    return environment == null
        ? scope
        : scope + " AND environment = " + SqlLiteral.text(environment);
  }

  private String now(String time) {
    return "toString(toUInt8(" + within(time, fromUs, toUs) + "))";
  }

  private String either(String time) {
    return "("
        + within(time, fromUs, toUs)
        + " OR "
        + within(time, referenceFromUs, referenceToUs)
        + ")";
  }

  private static String within(String time, long from, long to) {
    return "("
        + time
        + " >= "
        + SqlLiteral.time(from)
        + " AND "
        + time
        + " < "
        + SqlLiteral.time(to)
        + ")";
  }
}
