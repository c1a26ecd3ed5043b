package dev.tributary.console.core;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The closed list of what can be asked. */
public final class Questions {
  private static final List<String> RANGE = List.of("from", "to");
  private static final List<String> ID = List.of("id");
  private static final List<String> FILTERS =
      List.of("feature", "team", "workspace", "environment", "model", "prompt_version", "purpose");

  private static final Map<String, Question> ALL = new TreeMap<>();

  static {
    add("spend-total", SpendQueries::total, RANGE, FILTERS);
    add("spend-table", SpendQueries::table, RANGE, FILTERS, List.of("by"));
    add("spend-series", SpendQueries::series, RANGE, FILTERS, List.of("by"));
    add("spend-latency", SpendQueries::latency, RANGE, FILTERS, List.of("by"));
    add("spend-scores", SpendQueries::scores, RANGE, FILTERS, List.of("by"));
    add("score-series", SpendQueries::scoreSeries, RANGE, FILTERS);
    add(
        "episodes",
        EpisodeQueries::list,
        RANGE,
        List.of("state", "environment", "feature", "team"));
    add("episode", EpisodeQueries::one, ID);
    add("episode-states", EpisodeQueries::states, ID);
    add("episode-series", EpisodeQueries::series, ID, RANGE);
    add("changes", EpisodeQueries::changes, RANGE, List.of("environment"));
    add("traces", TraceQueries::list, RANGE, FILTERS, List.of("sort"));
    add(
        "sessions",
        TraceQueries::sessions,
        RANGE,
        List.of("feature", "team", "workspace", "environment"));
    add("session", TraceQueries::session, ID);
    add("trace-summary", TraceQueries::summary, ID);
    add("trace-lines", TraceQueries::lines, ID);
    add("trace-tree", TraceQueries::tree, ID);
    add("trace-audit", TraceQueries::audit, ID);
    add("prompt-table", PromptQueries::table, RANGE, FILTERS);
    add("prompt-latency", PromptQueries::latency, RANGE, FILTERS);
    add("prompt-scores", PromptQueries::scores, RANGE, FILTERS);
    add("freshness", StateQueries::freshness, List.of("within"));
  }

  private record Question(Set<String> parameters, Function<Arguments, Query> query) {}

  private Questions() {}

  @SafeVarargs
  private static void add(
      String name, Function<Arguments, Query> query, List<String>... parameters) {
    Set<String> names = new TreeSet<>();
    for (List<String> some : parameters) {
      names.addAll(some);
    }
    ALL.put(name, new Question(names, query));
  }

  /** Names of all questions. */
  public static Set<String> names() {
    return Set.copyOf(ALL.keySet());
  }

  /**
   * The statement of a question.
   *
   * @param given values by name, as they came
   * @param tenants whose data may be seen; the first where none is named
   * @throws RefusedException naming what is unknown or not allowed
   */
  public static Query query(String name, Map<String, List<String>> given, List<String> tenants) {
    Question question = ALL.get(name);
    if (question == null) {
      throw new RefusedException(
          "there is no question \"" + name + "\"; there are: " + String.join(", ", ALL.keySet()));
    }
    return question.query().apply(Arguments.of(given, question.parameters(), tenants));
  }
}
