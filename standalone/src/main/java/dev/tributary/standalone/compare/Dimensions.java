package dev.tributary.standalone.compare;

import dev.tributary.quality.Dimension;
import dev.tributary.quality.Dimension.Good;
import dev.tributary.quality.Dimension.Kind;
import dev.tributary.quality.TwoArms;
import dev.tributary.schemas.FinishReason;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The dimensions that calls have, and those of scores. The views comparison_calls and
 * comparison_sums have the same.
 */
final class Dimensions {
  /** Before the name of a score. */
  static final String SCORE = "score.";

  static final String COST = "cost_per_call";
  static final String LATENCY = "latency_ms";
  static final String INPUT = "input_tokens";
  static final String OUTPUT = "output_tokens";
  static final String ERRORS = "error_share";
  static final String TOOL_CALLS = "tool_call_share";

  /** Those that have a share. */
  static final List<FinishReason> FINISH_REASONS =
      List.of(
          FinishReason.LENGTH,
          FinishReason.REFUSAL,
          FinishReason.CONTENT_FILTER,
          FinishReason.TOOL_CALL);

  private static final Map<String, Dimension> OF_CALLS = new LinkedHashMap<>();

  static {
    add(COST, Kind.AMOUNT, Good.LOWER);
    add(LATENCY, Kind.AMOUNT, Good.LOWER);
    add("ttft_ms", Kind.AMOUNT, Good.LOWER);
    add(INPUT, Kind.AMOUNT, Good.NEITHER);
    add(OUTPUT, Kind.AMOUNT, Good.NEITHER);
    add(ERRORS, Kind.SHARE, Good.LOWER);
    add("fallback_share", Kind.SHARE, Good.LOWER);
    add("length_share", Kind.SHARE, Good.LOWER);
    add("refusal_share", Kind.SHARE, Good.LOWER);
    add("content_filter_share", Kind.SHARE, Good.LOWER);
    add(TOOL_CALLS, Kind.SHARE, Good.NEITHER);
  }

  private Dimensions() {}

  private static void add(String name, Kind kind, Good good) {
    OF_CALLS.put(name, new Dimension(name, kind, good));
  }

  /** The dimension of that name; null: there is none. Of a score more is taken to be better. */
  static @Nullable Dimension find(String name) {
    return name.startsWith(SCORE) && name.length() > SCORE.length()
        ? new Dimension(name, Kind.SCORE, Good.HIGHER)
        : OF_CALLS.get(name);
  }

  /** All dimensions of calls, columns of the view comparison_calls. */
  static Collection<Dimension> all() {
    return OF_CALLS.values();
  }

  /** Names of all dimensions of calls. */
  static Iterable<String> ofCalls() {
    return OF_CALLS.keySet();
  }

  /**
   * In how many shares alpha is divided: all dimensions of calls, which may yet get values, and the
   * scores that are there. Which scores will be is not known.
   */
  static int shares(Collection<TwoArms> arms) {
    long scores =
        arms.stream().filter(one -> !OF_CALLS.containsKey(one.dimension().name())).count();
    return OF_CALLS.size() + Math.toIntExact(scores);
  }

  /** The share dimension of one of {@link #FINISH_REASONS}. */
  static String ofFinishReason(FinishReason reason) {
    return reason == FinishReason.TOOL_CALL
        ? TOOL_CALLS
        : reason.name().toLowerCase(Locale.ROOT) + "_share";
  }
}
