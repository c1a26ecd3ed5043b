package dev.tributary.standalone.episode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.standalone.review.SqlStub;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The list of alerts. */
final class AlertListTest {
  private static String row(String told) {
    return "1000000\t2026-03-04 14:07:00\twarning\tOPENED\tsupport\ttitle\tit\\'s 2.7x\te1\t41.239\t"
        + told
        + "\n";
  }

  @Test
  void print_again_onlyWhatIsNew() throws Exception {
    AtomicReference<String> answer = new AtomicReference<>(row(""));
    try (SqlStub sql = new SqlStub(asked -> answer.get())) {
      // Given
      AlertList list = new AlertList(sql.client(), "default", "o'team", 20);
      StringWriter text = new StringWriter();
      PrintWriter out = new PrintWriter(text);

      // When
      int first = list.print(out);
      int second = list.print(out);
      answer.set(row("delivered slack:#support"));
      int third = list.print(out);

      // Then
      assertThat(first).isEqualTo(1);
      assertThat(second).isZero();
      assertThat(third).isEqualTo(1);
      assertThat(text.toString())
          .contains("it's 2.7x", "$41.24 above baseline", "delivered slack:#support");
      assertThat(sql.asked().get(0)).contains("team = 'o\\'team'");
    }
  }

  @Test
  void print_droppedAlert_saysWhy() throws Exception {
    try (SqlStub sql = new SqlStub(asked -> row("") + row("dropped (LOW_SEVERITY)"))) {
      StringWriter text = new StringWriter();

      new AlertList(sql.client(), "default", null, 20).print(new PrintWriter(text));

      assertThat(text.toString())
          .contains("so far; not delivered yet")
          .contains("so far; nobody is told: its team wants to hear of graver ones only");
    }
  }

  /** An alert that was dropped again for another reason has both; a code alone says nothing. */
  @Test
  void print_droppedForSeveralReasons_saysEach() throws Exception {
    String told =
        "dropped (LOW_SEVERITY)\\ndropped (NO_ROUTE)\\ndropped slack:#a (b) (SILENCED)"
            + "\\nfailed pager (HTTP_401)\\ndropped (OF_LATER)";
    try (SqlStub sql = new SqlStub(asked -> row(told))) {
      StringWriter text = new StringWriter();

      new AlertList(sql.client(), "default", null, 20).print(new PrintWriter(text));

      assertThat(text.toString())
          .contains(
              "so far; nobody is told: its team wants to hear of graver ones only;"
                  + " nobody is told: its team has no route, and there is no default;"
                  + " slack:#a (b) is not told: silenced; failed pager (HTTP_401);"
                  + " dropped (OF_LATER)");
      assertThat(sql.asked().get(0)).contains("arrayStringConcat(told, '\\n')");
    }
  }

  @Test
  void advise_nothingDelivered_namesTheSettings_once() throws Exception {
    String text = advice("0\n", 61);

    assertThat(text).containsOnlyOnce("tributary.alerts.route.NAME.kind");
    assertThat(advice("1\n", 61)).isEmpty();
  }

  /** Its route may be about to take it. */
  @Test
  void advise_alertThatOnlyJustCame_saysNothing() throws Exception {
    assertThat(advice("0\n", 59)).isEmpty();
  }

  @Test
  void advise_nothingPrinted_saysNothing() throws Exception {
    try (SqlStub sql = new SqlStub(asked -> "")) {
      AlertList list = new AlertList(sql.client(), "default", null, 20);
      StringWriter text = new StringWriter();

      list.print(new PrintWriter(text));
      list.adviseWithoutRoutes(new PrintWriter(text), Clock.systemUTC());

      assertThat(text.toString()).isEmpty();
    }
  }

  /** What is advised, asked twice, so many seconds after the alert. */
  private static String advice(String deliveries, long seconds) throws Exception {
    try (SqlStub sql =
        new SqlStub(asked -> asked.startsWith("SELECT toString(count())") ? deliveries : row(""))) {
      AlertList list = new AlertList(sql.client(), "default", null, 20);
      StringWriter text = new StringWriter();
      Clock clock = Clock.fixed(Instant.ofEpochSecond(1 + seconds), ZoneOffset.UTC);

      list.print(new PrintWriter(new StringWriter()));
      list.adviseWithoutRoutes(new PrintWriter(text), clock);
      list.adviseWithoutRoutes(new PrintWriter(text), clock);

      return text.toString();
    }
  }

  /** The limit is of the beginning: a storm while one follows is told whole. */
  @Test
  void print_again_hasNoLimit() throws Exception {
    try (SqlStub sql = new SqlStub(asked -> row(""))) {
      AlertList list = new AlertList(sql.client(), "default", null, 20);
      PrintWriter out = new PrintWriter(new StringWriter());

      list.print(out);
      list.print(out);

      assertThat(sql.asked().get(0)).contains("LIMIT 20");
      assertThat(sql.asked().get(1))
          .doesNotContain("LIMIT")
          .contains("toUnixTimestamp64Micro(created_at) >= 1000000");
    }
  }

  @Test
  void print_again_afterNone_asksForAllThatCame() throws Exception {
    AtomicReference<String> answer = new AtomicReference<>("");
    try (SqlStub sql = new SqlStub(asked -> answer.get())) {
      AlertList list = new AlertList(sql.client(), "default", null, 20);
      PrintWriter out = new PrintWriter(new StringWriter());

      list.print(out);
      answer.set(row("") + row("delivered x").replace("1000000\t", "900000000\t"));
      list.print(out);
      list.print(out);

      assertThat(sql.asked().get(1)).doesNotContain("LIMIT").doesNotContain("created_at) >=");
      assertThat(sql.asked().get(2)).contains("created_at) >= 300000000");
    }
  }
}
