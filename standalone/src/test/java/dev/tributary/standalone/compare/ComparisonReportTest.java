package dev.tributary.standalone.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.quality.Comparison;
import dev.tributary.quality.Dimension;
import dev.tributary.quality.Finding;
import dev.tributary.quality.Moments;
import dev.tributary.quality.Stratum;
import dev.tributary.quality.TwoArms;
import dev.tributary.quality.Verdict;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonReportTest {
  private static final Dimension COST =
      new Dimension("cost_per_call", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);
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
        ["cost_per_call","AMOUNT","LOWER",0,"acme",10,1000,1000,1000,1000,10.0,10.0,0.2]
        ["cost_per_call","AMOUNT","LOWER",1,"acme",10,1000,1000,1000,1000,12.0,12.0,0.25]
        ["score.toxicity","SCORE","LOWER",0,"acme",10,50,50,500,5000,100,1000,900]
        ["score.toxicity","SCORE","LOWER",1,"acme",10,50,50,500,5000,100,1000,900]
        """;
    List<Finding> findings;
    try (SqlStub clickHouse = new SqlStub(sql -> rows)) {
      List<TwoArms> arms = LiveArms.read(clickHouse.client(), ARMS);
      findings = Comparison.LIVE.of(arms);
      assertThat(clickHouse.asked())
          .singleElement()
          .asString()
          .contains("prompt_version IN ('v12', 'v13')", "prompt_name = 'answer'")
          .contains("hour >= toStartOfHour(toDateTime(1772360400, 'UTC'))")
          .contains("concat(environment, ' / ', feature, ' / ', workspace)");
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

  /** Each version served a customer of its own beside, or nobody the other served. */
  @Test
  void trafficOfOneArm_isSaid_andNothingInCommonIsNoVerdict() throws IOException {
    Moments many = Moments.unweighted(1_000, 10, 0.2);
    Moments few = Moments.unweighted(250, 2.5, 0.05);
    Stratum both = new Stratum("both", 1);
    List<Finding> partly =
        Comparison.LIVE.of(
            List.of(
                TwoArms.of(
                    COST, Map.of(both, many), Map.of(both, many, new Stratum("b", 1), few))));
    List<Finding> nothing =
        Comparison.LIVE.of(
            List.of(
                TwoArms.of(
                    COST, Map.of(new Stratum("a", 1), many), Map.of(new Stratum("b", 1), few))));

    assertThat(ComparisonReport.text(ARMS, 0.05, partly))
        .contains("left out v12", "left out v13", "250 (20.0 %)", "in no mean and no verdict")
        .doesNotContain("Nothing in common");
    assertThat(ComparisonReport.text(ARMS, 0.05, nothing))
        .contains("nothing in common", "1000 (100.0 %)", "250 (100.0 %)")
        .contains(
            "v12 and v13 had other environments, features or workspaces. There is no verdict");
    JsonNode json = new ObjectMapper().readTree(ComparisonReport.json(ARMS, 0.05, partly));
    assertThat(json.at("/dimensions/0/candidate_n").asLong()).isEqualTo(1_000);
    assertThat(json.at("/dimensions/0/candidate_left_out").asLong()).isEqualTo(250);
    assertThat(json.at("/dimensions/0/candidate_covered").asDouble()).isEqualTo(0.8);
    assertThat(json.at("/dimensions/0/baseline_left_out").asLong()).isZero();
  }

  @Test
  void differenceThatIsShown_isNotRoundedToNothing() {
    assertThat(ComparisonReport.percent(0.0004)).isEqualTo("0.04 %");
    assertThat(ComparisonReport.percent(-0.000012345)).isEqualTo("-0.0012 %");
    assertThat(ComparisonReport.percent(0)).isEqualTo("0.0 %");
    assertThat(ComparisonReport.percent(0.00149)).isEqualTo("0.1 %");
    assertThat(ComparisonReport.percent(0.2)).isEqualTo("20.0 %");
    assertThat(ComparisonReport.number(0.0000001234567)).isEqualTo("0.0000001235");
  }

  /**
   * Two means that differ are not printed as the same number beside the verdict that they differ.
   */
  @Test
  void meansThatDiffer_areToldApart() {
    assertThat(ComparisonReport.apart(0.300001, 0.300002)).isEqualTo("0.300001");
    assertThat(ComparisonReport.apart(0.300002, 0.300001)).isEqualTo("0.300002");
    assertThat(ComparisonReport.apart(1.0 / 3, 1.0 / 3)).isEqualTo("0.3333");
    assertThat(ComparisonReport.apart(Double.NaN, 1)).isEqualTo("-");
  }

  /** Why thousands of values are too little data. */
  @Test
  void valuesThatAreWorthFewer_areSaidToBe() throws IOException {
    Moments many = Moments.unweighted(9_900, 99, 2);
    Moments five = Moments.unweighted(5, 0.05, 0.001);
    Stratum a = new Stratum("a", 1);
    Stratum b = new Stratum("b", 1);
    List<Finding> findings =
        Comparison.LIVE.of(
            List.of(TwoArms.of(COST, Map.of(a, many, b, five), Map.of(a, five, b, many))));

    assertThat(findings).extracting(Finding::verdict).containsExactly(Verdict.TOO_LITTLE_DATA);
    assertThat(ComparisonReport.text(ARMS, 0.05, findings))
        .contains("9905 (worth 20)", "Worth: as many values of equal weight");
    assertThat(
            new ObjectMapper()
                .readTree(ComparisonReport.json(ARMS, 0.05, findings))
                .at("/dimensions/0/candidate_effective")
                .asDouble())
        .isBetween(19.0, 21.0);
  }

  /** A dimension that gets its first value later had its share before; a score's name is new. */
  @Test
  void dimensionsOfCalls_haveTheirShareBeforeTheyHaveValues() {
    Moments some = Moments.unweighted(100, 10, 2);
    TwoArms cost = TwoArms.of(COST, Map.of(new Stratum("a", 1), some), Map.of());
    TwoArms late =
        TwoArms.of(Dimensions.all().iterator().next(), Map.of(new Stratum("a", 1), some), Map.of());
    TwoArms score =
        TwoArms.of(
            new Dimension("score.kind", Dimension.Kind.SCORE, Dimension.Good.HIGHER),
            Map.of(new Stratum("a", 1), some),
            Map.of());

    assertThat(Dimensions.shares(List.of(cost))).isEqualTo(11);
    assertThat(Dimensions.shares(List.of(cost, late))).isEqualTo(11);
    assertThat(Dimensions.shares(List.of(cost, late, score))).isEqualTo(12);
  }

  /** Five calls of each of 200 traces, which are alike. */
  @Test
  void tracesOfManyCalls_areCounted() throws IOException {
    Moments arm = Moments.NONE;
    for (int trace = 0; trace < 200; trace++) {
      arm = arm.plus(Moments.unweighted(5, trace % 2, 0).together());
    }
    Stratum all = new Stratum("a", 1);
    List<Finding> findings =
        Comparison.LIVE.of(List.of(TwoArms.of(COST, Map.of(all, arm), Map.of(all, arm))));

    assertThat(ComparisonReport.text(ARMS, 0.05, findings))
        .contains("1000 (worth 200)", "each of a trace of its own");
    JsonNode json = new ObjectMapper().readTree(ComparisonReport.json(ARMS, 0.05, findings));
    assertThat(json.at("/dimensions/0/candidate_n").asLong()).isEqualTo(1_000);
    assertThat(json.at("/dimensions/0/candidate_traces").asLong()).isEqualTo(200);
    assertThat(json.at("/dimensions/0/baseline_traces").asLong()).isEqualTo(200);
    assertThat(json.at("/dimensions/0/candidate_effective").asDouble()).isEqualTo(200);
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
