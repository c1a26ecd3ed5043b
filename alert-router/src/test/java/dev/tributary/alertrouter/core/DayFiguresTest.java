package dev.tributary.alertrouter.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The figures of a day. */
final class DayFiguresTest {
  private static final LocalDate DAY = LocalDate.parse("2026-03-03");

  private final DayFigures figures = new DayFigures(DAY);

  private void add(String feature, LocalDate on, String cost) {
    figures.addSpend("default", "support", feature, on, new BigDecimal(cost), 1, 0);
  }

  @Test
  void summaries_comparedWithTheDayBeforeAndAWeekBefore_noOtherDay() {
    // Given
    add("a", DAY, "1");
    add("a", DAY.minusDays(1), "2");
    add("a", DAY.minusDays(6), "4");
    add("a", DAY.minusDays(7), "8");
    add("a", DAY.minusDays(8), "16");

    // When
    DaySummary summary = figures.summaries().get(0);

    // Then
    assertThat(summary.cost()).isEqualByComparingTo("1");
    assertThat(summary.calls()).isEqualTo(1);
    assertThat(summary.dayBefore()).isEqualByComparingTo("2");
    assertThat(summary.weekBefore()).isEqualByComparingTo("8");
  }

  @Test
  void summaries_threeDearestFeatures_dearestFirst_byNameAtATie() {
    // Given
    for (List<String> each :
        List.of(List.of("d", "2"), List.of("c", "5"), List.of("b", "2"), List.of("a", "1"))) {
      add(each.get(0), DAY, each.get(1));
    }

    // Then
    assertThat(figures.summaries().get(0).dearest())
        .extracting(DaySummary.FeatureCost::feature)
        .containsExactly("c", "b", "d");
  }

  @Test
  void summaries_onlyEarlierDays_nobodyIsTold() {
    add("a", DAY.minusDays(1), "2");
    assertThat(figures.summaries()).isEmpty();
  }

  /** Two organisations may each have a team of the name. */
  @Test
  void summaries_oneATenantAndTeam_sumsOfAllItsRows() {
    DayFigures both = new DayFigures(DAY);
    both.addSpend("globex", "support", "a", DAY, new BigDecimal("7"), 1, 1);
    both.addSpend("acme", "support", "a", DAY, new BigDecimal("0.1"), 10, 2);
    both.addSpend("acme", "support", "b", DAY, new BigDecimal("0.2"), 20, 3);
    both.addSpend("acme", "support", "c", DAY, null, 5, 5);
    both.addEpisodes("acme", "support", 2, new BigDecimal("1.5"));
    both.addEpisodes("acme", "support", 1, null);
    both.addEpisodes("acme", "support", 1, new BigDecimal("0.25"));

    List<DaySummary> summaries = both.summaries();

    assertThat(summaries).extracting(DaySummary::tenant).containsExactly("acme", "globex");
    DaySummary acme = summaries.get(0);
    assertThat(acme.cost()).isEqualByComparingTo("0.3");
    assertThat(acme.calls()).isEqualTo(35);
    assertThat(acme.unpricedCalls()).isEqualTo(10);
    assertThat(acme.episodes()).isEqualTo(4);
    assertThat(acme.moneyAboveBaseline()).isEqualByComparingTo("1.75");
    assertThat(summaries.get(1).cost()).isEqualByComparingTo("7");
  }
}
