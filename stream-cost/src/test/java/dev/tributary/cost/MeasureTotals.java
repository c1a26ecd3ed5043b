package dev.tributary.cost;

import dev.tributary.schemas.Cell;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.ScoreSums;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Totals by measure, worked out twice: from windows, and from ledger entries by rules written down
 * here anew, with nothing of the module's own arithmetic.
 */
public final class MeasureTotals {
  private static final Set<String> WITH_TRACES = Set.of("feature", "team", "workspace", "service");
  private static final Set<SpanKind> CALLS =
      EnumSet.of(SpanKind.LLM, SpanKind.EMBEDDING, SpanKind.RERANK);
  private static final Set<SpanKind> TOOLS = EnumSet.of(SpanKind.TOOL, SpanKind.MCP);

  private static final Set<String> NOT_SUMMED = Set.of("revision", "start_time_us", "length_us");
  private static final Set<String> BUCKETS =
      Set.of("in.text.uncached", "in.cache_read", "out.text");

  private MeasureTotals() {}

  /** Totals of cells by measure; measures that are 0 are absent. Example calls are no sums. */
  public static Map<String, BigDecimal> ofCells(Collection<Cell> cells) {
    Map<String, BigDecimal> totals = new TreeMap<>();
    for (Cell cell : cells) {
      Cell sums = Cell.newBuilder(cell).setDearestCall(null).setChanceCall(null).build();
      addFields(totals, "", sums);
    }
    return totals;
  }

  /** Totals of windows' scores by name, source and sum. */
  public static Map<String, BigDecimal> ofWindowScores(Collection<Window> windows) {
    Map<String, BigDecimal> totals = new TreeMap<>();
    for (Window window : windows) {
      for (ScoreSums sums : window.getScores()) {
        String prefix = sums.getName() + '/' + sums.getSource() + '.';
        add(totals, prefix + "n", sums.getN());
        add(totals, prefix + "none", sums.getFailed() + sums.getUnvalued() + sums.getNotSampled());
        add(totals, prefix + "w", new BigDecimal(sums.getWeight()));
        add(totals, prefix + "wx", new BigDecimal(sums.getWeightedValue()));
      }
    }
    return rounded(totals);
  }

  /** The same from scores. */
  public static Map<String, BigDecimal> ofScores(List<Score> scores) {
    Map<String, BigDecimal> totals = new TreeMap<>();
    for (Score score : scores) {
      String prefix =
          score.getName() + '/' + score.getSource().name().toLowerCase(Locale.ROOT) + '.';
      if (score.getStatus() != ScoreStatus.SCORED || score.getValue() == null) {
        add(totals, prefix + "none", 1);
        continue;
      }
      Double probability = score.getInclusionProbability();
      BigDecimal weight = BigDecimal.valueOf(probability == null ? 1 : 1 / probability);
      add(totals, prefix + "n", 1);
      add(totals, prefix + "w", weight);
      add(totals, prefix + "wx", weight.multiply(BigDecimal.valueOf(score.getValue())));
    }
    return rounded(totals);
  }

  /** To nine digits: the sums of windows are exact decimals that went through a double. */
  private static Map<String, BigDecimal> rounded(Map<String, BigDecimal> totals) {
    totals.replaceAll((name, sum) -> sum.setScale(9, RoundingMode.HALF_EVEN).stripTrailingZeros());
    return totals;
  }

  /** Totals of windows by measure; measures that are 0 are absent. */
  public static Map<String, BigDecimal> ofWindows(Collection<Window> windows) {
    Map<String, BigDecimal> totals = new TreeMap<>();
    for (Window window : windows) {
      addFields(totals, "", window.getMeasures());
    }
    return totals;
  }

  /** The measures of a window, by name. */
  public static Map<String, BigDecimal> of(Measures measures) {
    Map<String, BigDecimal> totals = new TreeMap<>();
    addFields(totals, "", measures);
    return totals;
  }

  private static void addFields(
      Map<String, BigDecimal> totals, String prefix, SpecificRecord record) {
    for (Schema.Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value instanceof SpecificRecord nested) {
        addFields(totals, prefix + field.name() + ".", nested);
      } else if (value instanceof BigDecimal amount) {
        add(totals, prefix + field.name(), amount);
      } else if (value instanceof Map<?, ?> amounts) {
        amounts.forEach(
            (key, amount) -> {
              if (amount instanceof BigDecimal money) {
                add(totals, prefix + field.name() + '.' + key, money);
              }
            });
      } else if (value instanceof Long number && !NOT_SUMMED.contains(field.name())) {
        add(totals, prefix + field.name(), number);
      }
    }
  }

  private static void add(Map<String, BigDecimal> totals, String name, BigDecimal value) {
    BigDecimal sum = totals.getOrDefault(name, BigDecimal.ZERO).add(value);
    if (sum.signum() == 0) {
      totals.remove(name);
    } else {
      totals.put(name, sum.stripTrailingZeros());
    }
  }

  private static void add(Map<String, BigDecimal> totals, String name, long value) {
    add(totals, name, BigDecimal.valueOf(value));
  }

  /** Totals of entries by measure for one of the default grouping sets. */
  public static Map<String, BigDecimal> ofEntries(List<LedgerEntry> entries, String set) {
    Map<String, BigDecimal> totals = new TreeMap<>();
    for (LedgerEntry entry : entries) {
      LedgerLine line = entry.getLine();
      if (enters(line, set)) {
        addLine(totals, line, entry.getSign(), set);
      }
    }
    return set.equals("cell") ? ofCell(totals) : totals;
  }

  /** What of a window's measures a cell has. */
  private static Map<String, BigDecimal> ofCell(Map<String, BigDecimal> totals) {
    Map<String, BigDecimal> cell = new TreeMap<>();
    totals.forEach(
        (name, value) -> {
          if (name.startsWith("tokens_estimated.")) {
            add(cell, name.replace("tokens_estimated.", "tokens."), value);
          } else if (name.equals("cost_estimated")) {
            add(cell, "cost", value);
          } else if (Set.of("calls", "errors", "priced_calls", "cost").contains(name)
              || name.startsWith("tokens.")
              || name.startsWith("cost_by_bucket.")) {
            add(cell, name, value);
          }
        });
    return cell;
  }

  /** Whether any default set counts the line. */
  public static boolean isMeasured(LedgerLine line) {
    return enters(line, "feature") || enters(line, "tool") || enters(line, "retrieval_source");
  }

  private static boolean isCall(LedgerLine line) {
    return CALLS.contains(line.getSpanKind())
        || line.getUsage() != null
        || line.getCost() != null
        || line.getCalls() != 0;
  }

  private static boolean enters(LedgerLine line, String set) {
    SpanKind kind = line.getSpanKind();
    boolean isStep =
        TOOLS.contains(kind) || kind == SpanKind.RETRIEVAL || kind == SpanKind.GUARDRAIL;
    return switch (set) {
      case "tool" -> TOOLS.contains(kind);
      case "retrieval_source" -> kind == SpanKind.RETRIEVAL;
      case "feature", "team", "workspace", "service" ->
          isCall(line) || isStep || line.getTrace() != null;
      case "feature_agent" -> isCall(line) || isStep;
      default -> isCall(line);
    };
  }

  private static void addLine(
      Map<String, BigDecimal> totals, LedgerLine line, int sign, String set) {
    int calls = sign * line.getCalls();
    add(totals, "lines", sign);
    add(totals, "calls", calls);
    add(totals, "errors", line.getError() ? calls : 0);
    add(totals, "refusals", ended(line, FinishReason.REFUSAL) ? calls : 0);
    add(totals, "length_stops", ended(line, FinishReason.LENGTH) ? calls : 0);
    add(totals, "content_filters", ended(line, FinishReason.CONTENT_FILTER) ? calls : 0);
    add(totals, "unpriced_tokens", sign * line.getUnpricedTokens());
    add(totals, "priced_calls", line.getCost() != null ? calls : 0);
    boolean isUnpriced =
        line.getCost() == null && line.getPriceStatus() != PriceStatus.NOT_BILLABLE;
    add(totals, "unpriced_calls", isUnpriced ? calls : 0);
    add(totals, "attributed_calls", isAttributed(line) ? calls : 0);
    boolean isEstimated = line.getUsageQuality() == UsageQuality.ESTIMATED;
    add(totals, "estimated_calls", isEstimated ? calls : 0);
    add(totals, "untagged_calls", isUntagged(line) ? calls : 0);
    boolean isMissing = line.getUsageQuality() == UsageQuality.MISSING;
    add(totals, "calls_without_usage", isMissing ? calls : 0);
    add(totals, "finished_calls", line.getFinishReasons().isEmpty() ? 0 : calls);
    addRepeats(totals, line, sign, set);
    addLatency(totals, line, sign, set);
    addSteps(totals, line, sign);
    if (line.getUsage() != null) {
      addTokens(totals, isEstimated ? "tokens_estimated." : "tokens.", line.getUsage(), sign);
    }
    if (line.getCost() != null) {
      BigDecimal cost = line.getCost().multiply(BigDecimal.valueOf(sign));
      add(totals, isEstimated ? "cost_estimated" : "cost", cost);
      add(totals, "cost_attributed", isAttributed(line) ? cost : BigDecimal.ZERO);
      add(totals, "cost_eval", line.getPurpose() == Purpose.EVAL ? cost : BigDecimal.ZERO);
      add(totals, "cost_untagged", isUntagged(line) ? cost : BigDecimal.ZERO);
      addBuckets(totals, line, sign);
    }
  }

  private static boolean isUntagged(LedgerLine line) {
    return line.getAttribution().getFeature().getProvenance() == Provenance.UNATTRIBUTED;
  }

  private static void addBuckets(Map<String, BigDecimal> totals, LedgerLine line, int sign) {
    BigDecimal rest = line.getCost();
    for (CostLine bucket : line.getCostLines()) {
      if (BUCKETS.contains(bucket.getBucket())) {
        rest = rest.subtract(bucket.getCost());
        BigDecimal cost = bucket.getCost().multiply(BigDecimal.valueOf(sign));
        add(totals, "cost_by_bucket." + bucket.getBucket(), cost);
      }
    }
    add(totals, "cost_by_bucket.other", rest.multiply(BigDecimal.valueOf(sign)));
  }

  private static boolean ended(LedgerLine line, FinishReason reason) {
    return line.getFinishReasons().contains(reason);
  }

  private static boolean isAttributed(LedgerLine line) {
    return switch (line.getAttribution().getFeature().getProvenance()) {
      case RULE, UNATTRIBUTED -> false;
      case OWN, ANCESTOR, TRACE_ROOT, RESOURCE, STUB, OVER_LIMIT -> true;
    };
  }

  private static void addRepeats(
      Map<String, BigDecimal> totals, LedgerLine line, int sign, String set) {
    if (!WITH_TRACES.contains(set)) {
      Integer attempt = line.getAttempt();
      add(totals, "retries", attempt != null && attempt > 1 ? sign * line.getCalls() : 0);
      add(totals, "fallbacks", line.getFallbackFrom() != null ? sign * line.getCalls() : 0);
    } else if (line.getTrace() != null) {
      add(totals, "retries", sign * line.getTrace().getRetries());
      add(totals, "fallbacks", sign * line.getTrace().getFallbacks());
    }
  }

  private static void addLatency(
      Map<String, BigDecimal> totals, LedgerLine line, int sign, String set) {
    boolean isOfStep = set.equals("tool") || set.equals("retrieval_source");
    if (isOfStep || line.getCalls() != 0) {
      add(totals, "latency_us", sign * line.getLatencyUs());
    }
  }

  private static void addSteps(Map<String, BigDecimal> totals, LedgerLine line, int sign) {
    SpanKind kind = line.getSpanKind();
    if (TOOLS.contains(kind)) {
      add(totals, "tool_calls", sign);
      add(totals, "tool_failures", line.getError() ? sign : 0);
    }
    if (kind == SpanKind.RETRIEVAL) {
      boolean isEmpty =
          line.getRetrieval() != null && Integer.valueOf(0).equals(line.getRetrieval().getHits());
      add(totals, "retrievals", sign);
      add(totals, "empty_retrievals", isEmpty ? sign : 0);
      add(totals, "retrieval_latency_us", sign * line.getLatencyUs());
      Retrieval facts = line.getRetrieval();
      add(totals, "counted_retrievals", facts != null && facts.getHits() != null ? sign : 0);
      boolean isScored = facts != null && facts.getScoreMax() != null;
      add(totals, "scored_retrievals", isScored ? sign : 0);
      add(totals, "low_score_retrievals", isScored && facts.getScoreMax() < 0.5 ? sign : 0);
    }
    if (kind == SpanKind.GUARDRAIL) {
      String outcome = line.getGuardrailOutcome();
      add(totals, "guardrails", sign);
      add(totals, "guardrail_blocks", outcome == null || outcome.equals("pass") ? 0 : sign);
      add(totals, "guardrail_masks", "masked".equals(outcome) ? sign : 0);
      add(totals, "guardrail_flags", "Flagged".equals(outcome) ? sign : 0);
    }
    if (line.getTrace() != null) {
      add(totals, "traces", sign);
      add(totals, "tool_loops", sign * line.getTrace().getToolLoops());
      add(totals, "handoffs", sign * line.getTrace().getHandoffs());
    }
  }

  private static void addTokens(
      Map<String, BigDecimal> totals, String prefix, TokenUsage usage, int sign) {
    for (Schema.Field field : usage.getSchema().getFields()) {
      if (usage.get(field.pos()) instanceof Long tokens) {
        add(totals, prefix + field.name(), sign * tokens);
      }
    }
  }
}
