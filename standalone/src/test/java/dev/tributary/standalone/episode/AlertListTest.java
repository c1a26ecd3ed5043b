package dev.tributary.standalone.episode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.standalone.review.SqlStub;
import java.io.PrintWriter;
import java.io.StringWriter;
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

  @Test
  void advise_nothingDelivered_namesTheSettings() throws Exception {
    AtomicReference<String> count = new AtomicReference<>("0\n");
    try (SqlStub sql = new SqlStub(asked -> count.get())) {
      AlertList list = new AlertList(sql.client(), "default", null, 20);
      StringWriter text = new StringWriter();

      list.adviseWithoutRoutes(new PrintWriter(text));
      assertThat(text.toString()).contains("tributary.alerts.route.NAME.kind");
      text.getBuffer().setLength(0);
      count.set("1\n");
      list.adviseWithoutRoutes(new PrintWriter(text));
      assertThat(text.toString()).isEmpty();
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
