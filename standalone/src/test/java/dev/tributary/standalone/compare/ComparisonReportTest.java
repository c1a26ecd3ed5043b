package dev.tributary.standalone.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.quality.Comparison;
import dev.tributary.quality.Finding;
import dev.tributary.quality.TwoArms;
import dev.tributary.quality.Verdict;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonReportTest {
  private static final ArmSelection ARMS =
      new ArmSelection(
          "default",
          ArmSelection.By.PROMPT_VERSION,
          "answer",
          "v12",
          "v13",
          null,
          null,
          Instant.parse("2026-03-01T10:20:00Z"),
          null);

  @Test
  void rows_becomeArms_andSayWhatDiffers() throws IOException, InterruptedException {
    String rows =
        """
        ["cost_per_call","AMOUNT","LOWER",0,"acme",10,1000,1000,1000,10.0,10.0,0.2]
        ["cost_per_call","AMOUNT","LOWER",1,"acme",10,1000,1000,1000,12.0,12.0,0.25]
        ["score.toxicity","SCORE","LOWER",0,"acme",10,50,500,5000,100,1000,900]
        ["score.toxicity","SCORE","LOWER",1,"acme",10,50,500,5000,100,1000,900]
        """;
    List<Finding> findings;
    try (SqlStub clickHouse = new SqlStub(sql -> rows)) {
      List<TwoArms> arms = LiveArms.read(clickHouse.client(), ARMS);
      findings = Comparison.LIVE.of(arms);
      assertThat(clickHouse.asked())
          .singleElement()
          .asString()
          .contains("prompt_version IN ('v12', 'v13')", "prompt_name = 'answer'")
          .contains("hour >= toStartOfHour(toDateTime(1772360400, 'UTC'))");
    }

    assertThat(findings)
        .extracting(Finding::verdict)
        .containsExactly(Verdict.WORSE, Verdict.TOO_LITTLE_DATA);
    String text = ComparisonReport.text(ARMS, 0.05, findings);
    assertThat(text).contains("cost_per_call", "worse", "20.0 %").contains("too little data");
    JsonNode json = new ObjectMapper().readTree(ComparisonReport.json(ARMS, 0.05, findings));
    assertThat(json.at("/dimensions/0/verdict").asText()).isEqualTo("worse");
    assertThat(json.at("/dimensions/0/relative").asDouble()).isBetween(0.199, 0.201);
    assertThat(json.at("/dimensions/1/low").isNull()).isTrue();
    assertThat(ComparisonReport.sentence(ARMS, findings.get(0)))
        .startsWith("cost_per_call: v13 is worse than v12 by 0.002 (20.0 %)");
  }

  @Test
  void names_areQuoted() {
    ArmSelection hostile =
        new ArmSelection(
            "default", ArmSelection.By.MODEL, "a'b", "x\\", "y'", null, null, null, null);

    assertThat(hostile.where())
        .isEqualTo("tenant = 'default' AND model IN ('x\\\\', 'y\\'') AND prompt_name = 'a\\'b'");
  }

  /** Sums are by hour, so that both ends are; two periods that meet have no hour in common. */
  @Test
  void periodsThatMeetWithinAnHour_shareNoHour() {
    assertThat(period("2026-03-01T08:30:00Z", "2026-03-01T10:20:00Z").where())
        .endsWith(
            "hour >= toStartOfHour(toDateTime(1772353800, 'UTC'))"
                + " AND hour < toStartOfHour(toDateTime(1772360400, 'UTC'))");
    assertThatThrownBy(() -> period("2026-03-01T10:05:00Z", "2026-03-01T10:50:00Z"))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--until must be in a later hour than --since");
  }

  private static ArmSelection period(String since, String until) {
    return new ArmSelection(
        "default",
        ArmSelection.By.MODEL,
        null,
        "x",
        "y",
        null,
        null,
        Instant.parse(since),
        Instant.parse(until));
  }

  @Test
  void armsThatAreNone_areRefused() {
    assertThatThrownBy(
            () ->
                new ArmSelection(
                    "default", ArmSelection.By.MODEL, null, "a", "a", null, null, null, null))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("both arms are a");
    assertThatThrownBy(
            () ->
                new ArmSelection(
                    "default",
                    ArmSelection.By.PROMPT_VERSION,
                    null,
                    "a",
                    "b",
                    null,
                    null,
                    null,
                    null))
        .hasMessageContaining("--prompt is missing");
  }

  @Test
  void eventIds_areTheSameForTheSame_andDifferOtherwise() {
    assertThat(QualityEvents.id("comparison", "a", "b"))
        .isEqualTo(QualityEvents.id("comparison", "a", "b"));
    assertThat(QualityEvents.id("comparison", "a", "b"))
        .isNotEqualTo(QualityEvents.id("comparison", "ab", ""));
    assertThat(QualityEvents.id("x")).matches("[0-9a-f]{32}");
  }
}
