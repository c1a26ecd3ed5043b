package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Entries that no revision of a trace knows: corrections of what the join has forgotten, and spans
 * that came when only a stub was left. Rows written by hand; retractions and what they retract have
 * not merged.
 */
final class AmendedTracesIT {
  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("amended"), Duration.ofDays(14));
    engine.execute("SYSTEM STOP MERGES amended.calls");
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  /** An entry of a line of a trace, in both tables that the sink writes it to. */
  private static void entry(
      String trace,
      String item,
      int sign,
      int revision,
      String cause,
      String feature,
      String cost) {
    boolean isRun = !cause.equals("INITIAL") && !cause.equals("LATE_SPAN");
    boolean isCall = !item.equals("trace");
    String columns =
        "(tenant, kind, source, item, sign, revision, event_time, environment, feature, team, workspace,"
            + " price_status, cost, calls, unpriced_tokens, input_uncached_tokens";
    String row =
        "('default', 'USAGE', '%s', '%s', %d, %d, '2026-03-01 10:05:00', 'prod', '%s', '%s', 'w', '%s', %s, %d, %d, %s"
            .formatted(
                trace,
                item,
                sign,
                revision,
                feature,
                "team of " + feature,
                cost.equals("NULL") ? "UNKNOWN_MODEL" : "PRICED",
                cost,
                isCall ? 1 : 0,
                isCall && cost.equals("NULL") ? 10 : 0,
                isCall ? "10" : "NULL");
    engine.execute("INSERT INTO amended.calls " + columns + ") VALUES " + row + ")");
    engine.execute(
        "INSERT INTO amended.ledger %s, cause, run_id) VALUES %s, '%s', %s)"
            .formatted(columns, row, cause, isRun ? "'run'" : "NULL"));
  }

  /** A closed trace as its summary was when it closed. */
  private static void trace(String id, String session, int revision, String feature, String cost) {
    engine.execute(
        "INSERT INTO amended.traces (tenant, trace_id, revision, session_id, end_time, environment,"
            + " feature, team, workspace, cost, calls, input_uncached_tokens, tool_loop_list.tool_name,"
            + " tool_loop_list.tool_args_hash, tool_loop_list.calls, tool_loop_list.start_time,"
            + " tool_loop_list.end_time, tool_loop_list.cost) VALUES ('default', '%1$s', %2$d, '%3$s',"
                .formatted(id, revision, session)
            + " '2026-03-01 10:05:00', 'prod', '%1$s', 'team of %1$s', 'w', %2$s, 2, 20, ['search'], ['h'],"
                .formatted(feature, cost)
            + " [3], ['2026-03-01 10:04:00'], ['2026-03-01 10:05:00'], [0.1])");
  }

  private static void session(String id, String cost, String traces, String costs) {
    engine.execute(
        ("INSERT INTO amended.sessions (tenant, session_id, revision, end_time, environment, feature, team,"
                + " workspace, turns, cost, cost_growth, calls, input_uncached_tokens, turn_list.trace_id,"
                + " turn_list.number, turn_list.calls, turn_list.cost) SELECT 'default', '%1$s', 1, '2026-03-01 10:05:00',"
                + " 'prod', 'chat', 'team of chat', 'w', length(ids), %2$s, 7, 6, 60, %3$s AS ids,"
                + " arrayEnumerate(ids), arrayMap(id -> 2, ids), CAST(%4$s, 'Array(Nullable(Decimal(38, 18)))')")
            .formatted(id, cost, traces, costs));
  }

  private static List<String> trace(String id) {
    return engine.texts(
        "SELECT toString((feature, team, cost, calls, unpriced_calls, unpriced_tokens,"
            + " input_uncached_tokens)) FROM amended.traces_net WHERE trace_id = '"
            + id
            + "'");
  }

  private static List<String> session(String id) {
    return engine.texts(
        "SELECT toString((feature, team, workspace, cost, calls, unpriced_calls, turn_list.cost,"
            + " cost_growth)) FROM amended.sessions_net WHERE session_id = '"
            + id
            + "'");
  }

  /** Two calls and the trace itself, booked as its summary says. */
  private static void booked(String trace, String feature) {
    entry(trace, "a", 1, 1, "INITIAL", feature, "0.3");
    entry(trace, "b", 1, 1, "INITIAL", feature, "0.1");
    entry(trace, "trace", 1, 1, "INITIAL", feature, "NULL");
  }

  private static void moved(String trace, String from, String to) {
    entry(trace, "trace", -1, 1, "REATTRIBUTE", from, "NULL");
    entry(trace, "trace", 1, 2, "REATTRIBUTE", to, "NULL");
  }

  @Test
  void netOfAReprice_isTheTraceAndItsSessionAndWhatIsBuiltOnThem() {
    booked("p1", "chat");
    entry("p1", "a", -1, 1, "REPRICE", "chat", "0.3");
    entry("p1", "a", 1, 2, "REPRICE", "chat", "0.7");
    trace("p1", "priced", 1, "chat", "0.4");
    trace("p2", "priced", 1, "chat", "0.2");
    trace("p3", "priced", 1, "chat", "0.2");
    session("priced", "0.8", "['p1', 'p2', 'p3']", "[0.4, 0.2, 0.2]");
    engine.execute(
        "INSERT INTO amended.scores (tenant, score_id, subject_kind, subject_id, trace_id, session_id,"
            + " name, source, status, amount, scored_at) VALUES ('default', 'x', 'SESSION', 'priced', NULL,"
            + " 'priced', 'sale', 'BUSINESS', 'SCORED', 10, '2026-03-01 11:00:00'), ('default', 'y', 'TRACE',"
            + " 'p1', 'p1', 'priced', 'click', 'BUSINESS', 'SCORED', 1, '2026-03-01 11:00:00')");

    assertThat(trace("p1")).containsExactly("('chat','team of chat',0.8,2,0,0,20)");
    assertThat(session("priced"))
        .containsExactly("('chat','team of chat','w',1.2,6,0,[0.8,0.2,0.2],0.25)");
    assertThat(
            engine.texts(
                "SELECT toString((whole_cost, margin)) FROM amended.outcomes WHERE subject_id IN"
                    + " ('priced', 'p1') ORDER BY subject_id"))
        .containsExactly("(0.8,0.2)", "(1.2,8.8)");

    // A revision that knows of it says the same.
    trace("p1", "priced", 2, "chat", "0.8");
    assertThat(trace("p1")).containsExactly("('chat','team of chat',0.8,2,0,0,20)");
  }

  @Test
  void moved_owner_isTheTracesAndMostOfTheSessions() {
    for (String id : List.of("o1", "o2", "o3")) {
      booked(id, "chat");
      trace(id, "moved", 1, "chat", "0.4");
    }
    moved("o1", "chat", "search");
    session("moved", "1.2", "['o1', 'o2', 'o3']", "[0.4, 0.4, 0.4]");

    assertThat(trace("o1")).containsExactly("('search','team of search',0.4,2,0,0,20)");
    assertThat(session("moved"))
        .containsExactly("('chat','team of chat','w',1.2,6,0,[0.4,0.4,0.4],1)");
    assertThat(
            engine.texts(
                "SELECT feature FROM amended.tool_loops WHERE trace_id IN ('o1', 'o2') ORDER BY trace_id"))
        .containsExactly("search", "chat");

    moved("o2", "chat", "search");
    assertThat(session("moved"))
        .containsExactly("('search','team of search','w',1.2,6,0,[0.4,0.4,0.4],1)");
    assertThat(
            engine.texts(
                "SELECT toString((feature, turn, cost)) FROM amended.session_turns WHERE feature = 'search'"
                    + " ORDER BY turn"))
        .containsExactly("('search',1,0.4)", "('search',2,0.4)", "('search',3,0.4)");
  }

  @Test
  void late_spanOfAStub_isInTheTraceAndItsSession() {
    booked("l1", "late");
    entry("l1", "c", 1, 1, "LATE_SPAN", "late", "0.5");
    trace("l1", "late", 1, "late", "0.4");
    session("late", "0.4", "['l1']", "[0.4]");

    assertThat(trace("l1")).containsExactly("('late','team of late',0.9,3,0,0,30)");
    assertThat(session("late")).containsExactly("('late','team of late','w',0.9,3,0,[0.9],NULL)");
    assertThat(
            engine.texts(
                "SELECT toString((turn, calls, cost)) FROM amended.session_turns WHERE feature = 'late'"))
        .containsExactly("(1,3,0.9)");
  }

  /** What has no price any more is unknown, and not 0. */
  @Test
  void taken_price_isNull() {
    entry("n1", "a", 1, 1, "INITIAL", "gone", "0.3");
    entry("n1", "a", -1, 1, "REPRICE", "gone", "0.3");
    entry("n1", "a", 1, 2, "REPRICE", "gone", "NULL");
    trace("n1", "gone", 1, "gone", "0.3");
    session("gone", "0.3", "['n1']", "[0.3]");

    assertThat(trace("n1")).containsExactly("('gone','team of gone',NULL,1,1,10,10)");
    assertThat(session("gone")).containsExactly("('gone','team of gone','w',NULL,1,1,[NULL],NULL)");
  }

  /**
   * Quality goes where cost goes: to the feature that a span's line or its trace's belongs to now.
   */
  @Test
  void moved_owner_takesItsScoresAlong() {
    for (String id : List.of("q1", "q2")) {
      booked(id, "asked");
      engine.execute(
          ("INSERT INTO amended.scores (tenant, score_id, subject_kind, subject_id, trace_id, name, source,"
                  + " status, value, direction, scored_at, feature, model) VALUES"
                  + " ('default', '%1$s t', 'TRACE', '%1$s', '%1$s', 'tone', 'EVALUATOR', 'SCORED', 0.5,"
                  + " 'HIGHER_IS_BETTER', '2026-03-01 11:00:00', 'judged', 'm'),"
                  + " ('default', '%1$s a', 'SPAN', 'a', '%1$s', 'tone', 'EVALUATOR', 'SCORED', 0.9,"
                  + " 'HIGHER_IS_BETTER', '2026-03-01 11:00:00', 'judged', 'm')")
              .formatted(id));
    }
    moved("q1", "asked", "answered");

    assertThat(
            engine.texts(
                "SELECT toString((score_id, feature, team)) FROM amended.scores_net WHERE name = 'tone'"
                    + " ORDER BY score_id"))
        .containsExactly(
            "('q1 a','asked','team of asked')",
            "('q1 t','answered','team of answered')",
            "('q2 a','judged','')",
            "('q2 t','judged','')");
    assertThat(
            engine.texts(
                "SELECT toString((feature, n, wy)) FROM amended.comparison_sums"
                    + " WHERE dimension = 'score.tone' ORDER BY feature"))
        .containsExactly("('answered',1,0.5)", "('asked',1,0.9)", "('judged',2,1.4)");
    assertThat(
            engine.texts(
                "SELECT toString((feature, judged)) FROM amended.judged_means ORDER BY feature"))
        .containsExactly("('answered',1)", "('asked',1)", "('judged',2)");
  }

  /** Its lines add up to something else, so that it would be seen. */
  @Test
  void untouched_traceAndSession_areAsTheirRevisionsSay() {
    booked("u1", "chat");
    trace("u1", "untouched", 1, "own", "0.9");
    session("untouched", "0.9", "['u1']", "[0.9]");

    assertThat(trace("u1")).containsExactly("('own','team of own',0.9,2,0,0,20)");
    assertThat(session("untouched")).containsExactly("('chat','team of chat','w',0.9,6,0,[0.9],7)");
  }
}
