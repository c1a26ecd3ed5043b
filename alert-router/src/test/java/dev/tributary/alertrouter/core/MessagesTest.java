package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.opened;
import static dev.tributary.alertrouter.core.Notices.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Money as people and machines read it. */
final class MessagesTest {
  private static final DaySummary DAY =
      new DaySummary(
          "default",
          "support",
          LocalDate.parse("2026-03-03"),
          new BigDecimal("12.345678901234567890"),
          7,
          1,
          new BigDecimal("10.000000000000000001"),
          new BigDecimal("20.5"),
          List.of(new DaySummary.FeatureCost("a", new BigDecimal("0.000000000000000001"))),
          2,
          new BigDecimal("3.125"));

  private static Notification notification(Content... contents) {
    List<Item> items =
        java.util.Arrays.stream(contents)
            .map(content -> new Item(null, content, "hook", NOW))
            .toList();
    return new Notification("n", "hook", items, Map.of(), false, NOW);
  }

  private static String slack(Content... contents) {
    return SlackBody.of(notification(contents), "");
  }

  private static @Nullable BigDecimal amount(@Nullable String text) {
    return text == null ? null : new BigDecimal(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, $0.00",
    "0.01, $0.01",
    "0.0099, $0.0099",
    "0.00123456, $0.0012",
    "12.345, $12.34",
    "12.355, $12.36",
    "-0.5, $-0.50",
    "-0.00123456, $-0.0012",
    "1234567.899, $1234567.90"
  })
  void money_toTheCent_orToTwoDigits(BigDecimal amount, String text) {
    assertThat(Words.money(amount)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "112, 100, +12 %",
    "88, 100, -12 %",
    "100, 100, +0 %",
    "5, 0, ''",
    "5, -1, ''",
    "5, , ''",
    ", 5, ''",
    "1, 3, -67 %"
  })
  void change_ofWhatWasSpentBefore_noneWithoutOne(
      @Nullable String now, @Nullable String before, String text) {
    assertThat(Words.change(amount(now), amount(before))).isEqualTo(text);
  }

  @Test
  void slack_day_saysWhatItIsALowerBoundOf_andComparesWithBoth() {
    assertThat(slack(new Content.OfDay(DAY, NOW)))
        .contains("$12.35 for 7 calls")
        .contains("+23 % against the day before ($10.00)")
        .contains("-40 % against a week before ($20.50)")
        .contains("1 calls have no price: this is a lower bound")
        .contains("a $0.000000000000000001")
        .contains("2 episodes, $3.12 above baseline");
  }

  @Test
  void slack_manyAlerts_saysHowManyAreLeftOut() {
    Content[] twelve =
        IntStream.range(0, 12)
            .mapToObj(number -> (Content) new Content.OfAlert(opened("e" + number)))
            .toArray(Content[]::new);

    assertThat(slack(twelve)).contains("*12 alerts of one cause*", "explain e9", "and 2 more");
    assertThat(slack(twelve)).doesNotContain("explain e10");
  }

  @Test
  void slack_end_saysNothingOfTheRate() {
    assertThat(slack(new Content.OfAlert(opened("e")))).contains("an hour");
    assertThat(slack(new Content.OfAlert(resolved("e"))))
        .contains("RESOLVED", "$41.12 above baseline")
        .doesNotContain("an hour");
  }

  @Test
  void webhook_day_amountsExactly_eachInItsPlace() throws Exception {
    JsonNode day =
        new ObjectMapper()
            .readTree(WebhookBody.of(notification(new Content.OfDay(DAY, NOW)), ""))
            .get("summaries")
            .get(0);

    assertThat(day.get("cost").asText()).isEqualTo("12.345678901234567890");
    assertThat(day.get("cost_day_before").asText()).isEqualTo("10.000000000000000001");
    assertThat(day.get("cost_week_before").asText()).isEqualTo("20.5");
    assertThat(day.get("money_above_baseline").asText()).isEqualTo("3.125");
    assertThat(day.get("dearest_features").get(0).get("cost").asText())
        .isEqualTo("0.000000000000000001");
    assertThat(day.get("calls").asLong()).isEqualTo(7);
    assertThat(day.get("unpriced_calls").asLong()).isEqualTo(1);
    assertThat(day.get("episodes").asLong()).isEqualTo(2);
    assertThat(day.get("id").asText()).isEqualTo("summary|default|support|2026-03-03");
  }

  @Test
  void webhook_end_isResolved() throws Exception {
    JsonNode alerts =
        new ObjectMapper()
            .readTree(
                WebhookBody.of(
                    notification(
                        new Content.OfAlert(opened("e")), new Content.OfAlert(resolved("e"))),
                    ""))
            .get("alerts");

    assertThat(alerts.get(0).get("status").asText()).isEqualTo("firing");
    assertThat(alerts.get(1).get("status").asText()).isEqualTo("resolved");
  }

  @ParameterizedTest
  @CsvSource({
    "INFO, :large_blue_circle: INFO *",
    "WARNING, :large_orange_circle: WARNING *",
    "CRITICAL, :red_circle: CRITICAL *"
  })
  void slack_oneAlert_beginsWithHowUrgentItIs(Severity severity, String begin) {
    Notice alert = Notices.of("e", EpisodeState.OPENED, severity, NOW, List.of());

    String text = slack(new Content.OfAlert(alert));

    assertThat(text).startsWith("{\"text\":\"" + begin).contains("Wednesday 14:00 baseline");
  }

  @Test
  void slack_asManyAlertsAsItHolds_leavesNoneOut() {
    Content[] ten =
        IntStream.range(0, 10)
            .mapToObj(number -> (Content) new Content.OfAlert(opened("e" + number)))
            .toArray(Content[]::new);

    assertThat(slack(ten))
        .contains("*10 alerts of one cause*", "explain e9")
        .doesNotContain("more\"");
  }

  /** What is not there is not said: no lower bound, no episodes, no comparison. */
  @Test
  void slack_dayOfWhichLittleIsKnown_saysNoMore() {
    DaySummary priced =
        new DaySummary(
            "default",
            "support",
            DAY.day(),
            new BigDecimal("1"),
            3,
            0,
            null,
            null,
            List.of(),
            0,
            null);
    DaySummary unpriced =
        new DaySummary(
            "default", "support", DAY.day(), null, 3, 3, BigDecimal.ONE, null, List.of(), 1, null);

    assertThat(slack(new Content.OfDay(priced, NOW)))
        .isEqualTo("{\"text\":\"*support, 2026-03-03*: $1.00 for 3 calls\"}");
    assertThat(slack(new Content.OfDay(unpriced, NOW)))
        .contains("nothing priced for 3 calls", "3 calls have no price", "1 episodes\"")
        .doesNotContain("against");
  }

  @ParameterizedTest
  @CsvSource({
    "2.7, 2.7",
    "1234.56, 1235",
    "0.000123456, 0.0001235",
    "20, 20",
    "NaN, unknown",
    "Infinity, unknown",
    ", unknown"
  })
  void number_toFourDigits_orUnknown(@Nullable Double value, String text) {
    assertThat(Words.number(value)).isEqualTo(text);
  }
}
