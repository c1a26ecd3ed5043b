package dev.tributary.standalone.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.standalone.platform.PlatformException;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** The week as Markdown; the views themselves are tested where they live. */
class WeeklyReviewTest {
  private static final LocalDate MONDAY = LocalDate.of(2026, 3, 2);

  @Test
  void week_ofAnyDay_beginsOnMonday() {
    assertThat(WeeklyReview.mondayOf(LocalDate.of(2026, 3, 8))).isEqualTo(MONDAY);
    assertThat(WeeklyReview.mondayOf(MONDAY)).isEqualTo(MONDAY);
  }

  @Test
  void markdown_rows_areTablesAndNothingIsNone() throws Exception {
    try (SqlStub sql =
        new SqlStub(asked -> asked.contains("FROM errors") ? "LLM\ta|b\tchat\t7\t\\N\n" : "")) {
      String text = new WeeklyReview(sql.client()).markdown("acme", MONDAY);

      assertThat(text)
          .startsWith("# Week of 2026-03-02\n")
          .contains("## Dearest workflows\n\nNone.\n")
          .contains(
              "## Commonest failures\n\n"
                  + "| span kind | error | feature | failures | cost |\n"
                  + "|---|---|---|---|---|\n"
                  + "| LLM | a\\|b | chat | 7 | unknown |\n");
      assertThat(sql.asked())
          .hasSize(7)
          .allMatch(asked -> asked.contains("tenant = 'acme'") && asked.contains("LIMIT 10"))
          .noneMatch(asked -> asked.contains("{"));
      assertThat(sql.asked().get(0))
          .contains("quarter >= toDateTime('2026-03-02 00:00:00', 'UTC')")
          .contains("quarter < toDateTime('2026-03-09 00:00:00', 'UTC')");
    }
  }

  /** Free text comes as it was; only a NULL is unknown. */
  @Test
  void markdown_textWithBackslashesAndQuotes_isLeftAsItIs() throws Exception {
    try (SqlStub sql =
        new SqlStub(
            asked ->
                asked.contains("FROM errors") ? "LLM\tC:\\\\Net it\\'s\ta\\nb\t7\t\\N\n" : "")) {
      assertThat(new WeeklyReview(sql.client()).markdown("acme", MONDAY))
          .contains("| LLM | C:\\Net it's | a b | 7 | unknown |\n");
    }
  }

  @Test
  void tenant_thatIsNone_refused() throws Exception {
    try (SqlStub sql = new SqlStub(asked -> "")) {
      assertThatThrownBy(() -> new WeeklyReview(sql.client()).markdown("a' OR 1", MONDAY))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("--tenant");
      assertThat(sql.asked()).isEmpty();
    }
  }
}
