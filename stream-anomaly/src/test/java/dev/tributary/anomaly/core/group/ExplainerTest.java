package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.anomaly.core.series.SeriesMetric;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Why a series moved, from its cells: how much money by which factor, where, and what was new. */
class ExplainerTest {
  private static final long STEP_US = 300_000_000L;
  private static final List<String> WORKSPACES = List.of("acme", "bolt", "cyan", "dune");

  /** What the calls of a cell come to. */
  private record Use(
      long calls, long errors, long priced, long uncached, long cached, long output, double cost) {
    static final Use USUAL = new Use(100, 4, 90, 2_000, 8_000, 2_000, 8);

    CellFact in(int step, String... dimensions) {
      Map<String, String> of = new TreeMap<>(Map.of("feature", "chat"));
      for (int i = 0; i < dimensions.length; i += 2) {
        of.put(dimensions[i], dimensions[i + 1]);
      }
      return new CellFact(
          of,
          step * STEP_US,
          calls,
          errors,
          priced,
          Map.of("in.text.uncached", uncached, "in.cache_read", cached, "out.text", output),
          Map.of("in.text.uncached", BigDecimal.ONE, "out.text", BigDecimal.valueOf(cost - 1)),
          List.of());
    }
  }

  private static Finding finding(String metric) {
    SeriesKey key =
        new SeriesKey("default", "production", "feature", Map.of("feature", "chat"), "chat");
    return new Finding(
        key,
        metric,
        false,
        "e",
        1,
        Finding.State.OPENED,
        0,
        0,
        0,
        3,
        1,
        3,
        1,
        2,
        null,
        null,
        Finding.Ending.VALUES);
  }

  private static List<NamedCause> causes(
      List<CellFact> before, List<CellFact> after, String metric, Change... changes) {
    return new Explainer(before, after).causes(finding(metric), List.of(changes));
  }

  private static CellFact only(int step, long calls, long output, double cost) {
    return new Use(calls, 0, calls, 0, 0, output, cost + 1).in(step);
  }

  /** Two steps before and one since: twice the tokens are twice the money of a step. */
  @Test
  void amounts_areOfAStep_howeverManyThereWere() {
    List<CellFact> before = List.of(only(0, 100, 1_000, 9), only(1, 100, 1_000, 9));
    List<CellFact> after = List.of(only(5, 100, 3_000, 27));

    List<NamedCause> causes = causes(before, after, "spend_per_hour");

    NamedCause first = causes.get(0);
    assertThat(first.driver()).isEqualTo("tokens_per_call");
    assertThat(first.amount()).isEqualByComparingTo("18");
    assertThat(first.share()).isEqualTo(1);
    assertThat(first.evidence()).isEqualTo("tokens per call +200 %");
  }

  @Test
  void factors_areToldByTheirSize_andSmallOnesWithoutWords() {
    List<CellFact> before = List.of(only(0, 100, 1_000, 10), only(1, 100, 1_000, 10));
    // Calls by a half more, half a token in ten less, a price 2.5 times as high.
    List<CellFact> after = List.of(only(5, 150, 1_425, 35));

    List<NamedCause> causes = causes(before, after, "spend_per_hour");

    assertThat(causes)
        .extracting(NamedCause::driver)
        .containsExactly("price", "volume", "tokens_per_call");
    assertThat(causes)
        .extracting(NamedCause::evidence)
        .containsExactly("cost per token +130 %", "calls +50 %", "");
    BigDecimal sum =
        causes.stream().map(NamedCause::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).as("all of it").isEqualByComparingTo("25");
    assertThat(causes.stream().mapToDouble(NamedCause::share).sum()).isCloseTo(1, within(1e-9));
    assertThat(causes.get(2).share()).isNegative();
  }

  /** Of errors or answers there is no money to split. */
  @Test
  void factors_areOfCostAlone() {
    List<CellFact> before = cells(0, 4, Use.USUAL);
    List<CellFact> after = cells(6, 1, new Use(100, 60, 90, 2_000, 8_000, 2_000, 8));

    assertThat(causes(before, after, "error_share"))
        .extracting(NamedCause::driver)
        .containsExactly("slice");
    assertThat(causes(before, after, "of_an_older_version")).isEmpty();
  }

  /** Four workspaces by so many steps, of which the first has what is given. */
  private static List<CellFact> cells(int from, int steps, Use ofAcme) {
    List<CellFact> cells = new ArrayList<>();
    for (int step = from; step < from + steps; step++) {
      for (String workspace : WORKSPACES) {
        Use use = workspace.equals("acme") ? ofAcme : Use.USUAL;
        cells.add(use.in(step, "workspace", workspace));
      }
    }
    return cells;
  }

  private static Set<SeriesMetric> namedFor(Use ofAcme) {
    Set<SeriesMetric> named = EnumSet.noneOf(SeriesMetric.class);
    for (SeriesMetric metric : SeriesMetric.values()) {
      List<NamedCause> slices =
          new Explainer(cells(0, 4, Use.USUAL), cells(6, 2, ofAcme)).slices(metric);
      if (!slices.isEmpty()) {
        assertThat(slices)
            .extracting(NamedCause::slice)
            .as(metric.label())
            .containsExactly(Map.of("workspace", "acme"));
        named.add(metric);
      }
    }
    return named;
  }

  /** The slice is looked for in what the metric is made of, and in nothing else. */
  @Test
  void slice_isOfTheAmountsThatTheMetricIsMadeOf() {
    assertThat(namedFor(Use.USUAL)).isEmpty();
    assertThat(namedFor(new Use(100, 60, 90, 2_000, 8_000, 2_000, 8)))
        .containsExactly(SeriesMetric.ERROR_SHARE);
    assertThat(namedFor(new Use(100, 4, 10, 2_000, 8_000, 2_000, 8)))
        .containsExactly(SeriesMetric.UNPRICED_SHARE);
    assertThat(namedFor(new Use(100, 4, 90, 10_000, 40_000, 2_000, 8)))
        .containsExactly(SeriesMetric.INPUT_TOKENS_PER_CALL_P95);
    assertThat(namedFor(new Use(100, 4, 90, 2_000, 8_000, 12_000, 8)))
        .containsExactly(SeriesMetric.OUTPUT_TOKENS_PER_CALL_P95);
    assertThat(namedFor(new Use(100, 4, 90, 10_000, 0, 2_000, 8)))
        .containsExactly(SeriesMetric.CACHE_HIT_RATIO);
    assertThat(namedFor(new Use(100, 4, 90, 2_000, 8_000, 2_000, 48)))
        .containsExactly(SeriesMetric.SPEND_PER_HOUR, SeriesMetric.COST_PER_CALL_P95);
    assertThat(namedFor(new Use(600, 24, 540, 12_000, 48_000, 12_000, 48)))
        .containsExactly(SeriesMetric.SPEND_PER_HOUR, SeriesMetric.CALLS);
  }

  /** By so much in five regions, of which each is as large as four workspaces. */
  private static boolean isNamed(double more) {
    List<CellFact> before = new ArrayList<>();
    List<CellFact> after = new ArrayList<>();
    for (String region : List.of("ap", "eu", "sa", "uk", "us")) {
      for (String workspace : WORKSPACES) {
        double cost = region.equals("eu") ? 8 * more : 8;
        Use since = new Use(100, 4, 90, 2_000, 8_000, 2_000, cost);
        before.add(Use.USUAL.in(0, "workspace", workspace, "region", region));
        after.add(since.in(6, "workspace", workspace, "region", region));
      }
    }
    return CellFacts.namesASlice(before, after);
  }

  /** In all it moves by a fifth of what the slice does. */
  @Test
  void slice_ofAMoveOfLessThanAFifthInAll_isNotNamed() {
    assertThat(isNamed(1.98)).isFalse();
    assertThat(isNamed(2.02)).isTrue();
  }

  @Test
  void slice_ofACost_saysWhichPriceBucketItIs() {
    Use dear = new Use(100, 4, 90, 2_000, 8_000, 2_000, 48);

    assertThat(
            new Explainer(cells(0, 4, Use.USUAL), cells(6, 2, dear))
                .slices(SeriesMetric.SPEND_PER_HOUR))
        .extracting(NamedCause::evidence)
        .containsExactly("carries it by itself, all of it out.text");
    Use failing = new Use(100, 60, 90, 2_000, 8_000, 2_000, 48);
    assertThat(
            new Explainer(cells(0, 4, Use.USUAL), cells(6, 2, failing))
                .slices(SeriesMetric.ERROR_SHARE))
        .extracting(NamedCause::evidence)
        .containsExactly("carries it by itself");
  }

  private static List<CellFact> ofVersions(int step, Use ofAcme, long newCalls) {
    List<CellFact> cells = new ArrayList<>();
    for (String workspace : WORKSPACES) {
      boolean isAcme = workspace.equals("acme");
      Use use = isAcme ? ofAcme : Use.USUAL;
      if (isAcme && newCalls > 0) {
        double part = newCalls / 100.0;
        cells.add(part(use, part).in(step, "workspace", workspace, "prompt_version", "v2"));
        cells.add(part(use, 1 - part).in(step, "workspace", workspace, "prompt_version", "v1"));
      } else {
        cells.add(use.in(step, "workspace", workspace, "prompt_version", "v1"));
      }
    }
    return cells;
  }

  private static Use part(Use use, double part) {
    return new Use(
        Math.round(use.calls * part),
        Math.round(use.errors * part),
        Math.round(use.priced * part),
        Math.round(use.uncached * part),
        Math.round(use.cached * part),
        Math.round(use.output * part),
        use.cost * part);
  }

  /** A new version is named where it makes most of what moved, and not for being there. */
  @Test
  void promptVersion_isNamedWithTheSlice_whereMostOfItsCallsHaveIt() {
    Use dear = new Use(100, 4, 90, 2_000, 8_000, 12_000, 48);
    List<CellFact> before = ofVersions(0, Use.USUAL, 0);

    assertThat(CellFacts.slices(before, ofVersions(6, dear, 60)))
        .containsExactly(Map.of("workspace", "acme", "prompt_version", "v2"));
    assertThat(CellFacts.slices(before, ofVersions(6, dear, 50)))
        .as("half of them is not most")
        .containsExactly(Map.of("workspace", "acme"));
    assertThat(CellFacts.slices(before, ofVersions(6, dear, 0)))
        .containsExactly(Map.of("workspace", "acme"));
  }

  /** The next version of a prompt is the same cell: its tokens can be compared. */
  @Test
  void promptVersion_thatSucceedsAnother_isNeitherNewNorGoneMoney() {
    List<CellFact> before = List.of(Use.USUAL.in(0, "prompt_version", "v1"));
    Use longer = new Use(100, 4, 90, 2_000, 8_000, 8_000, 29);
    List<CellFact> after =
        List.of(
            part(longer, 0.5).in(6, "prompt_version", "v1"),
            part(longer, 0.5).in(6, "prompt_version", "v2"));

    assertThat(causes(before, after, "spend_per_hour"))
        .extracting(NamedCause::driver)
        .contains("tokens_per_call")
        .doesNotContain("new", "gone", "volume");
  }

  @Test
  void whatWasNew_isToldWithWhereItIs_andWhetherTheSliceHasIt() {
    Use dear = new Use(100, 4, 90, 2_000, 8_000, 12_000, 48);
    List<NamedCause> causes =
        causes(
            ofVersions(0, Use.USUAL, 0),
            ofVersions(6, dear, 60),
            "cost_per_call_p95",
            new Change("prompt_version", "chat", "v2", 0),
            new Change("prompt_version", "chat", "v3", 0),
            new Change("rate_card", "chat", "card-7", 0),
            new Change("deploy", "chat", "api", "4.2.1", 0),
            new Change("returned_model", "chat", "gpt-5", "gpt-5-b", 0));
    List<NamedCause> news = causes.subList(causes.size() - 5, causes.size());

    assertThat(news)
        .extracting(NamedCause::driver)
        .containsExactly(
            "prompt_version", "prompt_version", "rate_card", "deploy", "returned_model");
    assertThat(news)
        .extracting(NamedCause::evidence)
        .containsExactly(
            "in the slice; v2 first seen 00:00",
            "v3 first seen 00:00",
            "card-7 first seen 00:00",
            "4.2.1 of api first seen 00:00",
            "gpt-5-b for gpt-5 first seen 00:00");
    assertThat(news)
        .extracting(NamedCause::slice)
        .containsExactly(
            Map.of("feature", "chat", "prompt_version", "v2"),
            Map.of("feature", "chat", "prompt_version", "v3"),
            Map.of("feature", "chat"),
            Map.of("feature", "chat", "deploy", "4.2.1", "service", "api"),
            Map.of("feature", "chat", "returned_model", "gpt-5-b", "model_requested", "gpt-5"));
    assertThat(news).allSatisfy(each -> assertThat(each.share()).isNaN());
  }

  /** What is judged by the hour outlives its cells; what is new has none before. */
  @Test
  void withoutCellsOnOneSide_onlyWhatWasNewIsTold() {
    Change model = new Change("model", "chat", "m-2", 0);
    List<CellFact> some = cells(0, 2, Use.USUAL);

    assertThat(causes(List.of(), some, "spend_per_hour", model))
        .extracting(NamedCause::driver)
        .containsExactly("model");
    assertThat(causes(some, List.of(), "spend_per_hour", model))
        .extracting(NamedCause::driver)
        .containsExactly("model");
  }

  @Test
  void cacheThatCollapses_isSaidInHits() {
    List<CellFact> before = List.of(new Use(100, 0, 100, 2_000, 8_000, 0, 2).in(0));
    List<CellFact> after =
        List.of(
            new CellFact(
                Map.of("feature", "chat"),
                6 * STEP_US,
                100,
                0,
                100,
                Map.of("in.text.uncached", 10_000L),
                Map.of("in.text.uncached", BigDecimal.valueOf(5)),
                List.of()));

    assertThat(causes(before, after, "spend_per_hour"))
        .extracting(NamedCause::evidence)
        .contains("cache hits from 80 % to 0 %");
  }
}
