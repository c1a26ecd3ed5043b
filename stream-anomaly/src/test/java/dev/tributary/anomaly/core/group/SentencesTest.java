package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.Finding.Ending;
import dev.tributary.anomaly.core.series.Finding.State;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people read of an episode: its subject, its size and one cause. */
class SentencesTest {
  private static final long HOUR_US = 3_600_000_000L;
  private static final SeriesKey CHAT = key(Map.of("feature", "chat"));
  private static final Change DEPLOY = new Change("deploy", "chat", "api", "4.2.1", HOUR_US);

  private static SeriesKey key(Map<String, String> dimensions) {
    return new SeriesKey("default", "production", "set", dimensions, dimensions.toString());
  }

  private static Finding finding(
      SeriesKey key, String metric, State state, Ending ending, double observed, double baseline) {
    return new Finding(
        key, metric, false, "e", 1, state, HOUR_US, HOUR_US, HOUR_US, observed, baseline, 3, 1, 1,
        null, null, ending);
  }

  private static String opened(SeriesKey key, String metric, double observed, double baseline) {
    return Sentences.of(
        finding(key, metric, State.OPENED, Ending.VALUES, observed, baseline),
        List.of(),
        List.of(),
        null);
  }

  private static NamedCause split(String driver, double share, String evidence) {
    return new NamedCause(driver, Map.of(), BigDecimal.ONE, share, evidence);
  }

  private static NamedCause slice(Map<String, String> values) {
    return new NamedCause(NamedCause.SLICE, values, null, 1, "score 0.90");
  }

  private static String because(List<NamedCause> causes, List<Change> changes) {
    Finding opened = finding(CHAT, "spend_per_hour", State.OPENED, Ending.VALUES, 30, 10);
    String sentence = Sentences.of(opened, causes, changes, null);
    int at = sentence.indexOf(')');
    return sentence.substring(at + 1);
  }

  /** That moved against it may be the greatest part of all, and explains nothing. */
  @Test
  void cause_isTheFirstPartOfTheSplitInTheDirectionOfTheChange_thenTheSlice() {
    List<NamedCause> causes =
        List.of(
            split("volume", -0.9, "calls -50 %"),
            split("cache", 0.05, ""),
            split("tokens_per_call", 1.5, "tokens per call +165 %"),
            split("price", 0.4, "cost per token +20 %"),
            slice(Map.of("feature", "chat", "prompt_version", "v13", "workspace", "acme")),
            slice(Map.of("region", "eu")));
    Change prompt = new Change("prompt_version", "chat", "v13", HOUR_US);

    assertThat(because(causes, List.of(prompt, DEPLOY)))
        .isEqualTo(
            ": tokens per call +165 % on prompt v13 (first seen 01:00) in workspace acme; deploy"
                + " 4.2.1 of api first seen 01:00");
  }

  @Test
  void cause_withoutASlice_namesAllThatWasNew() {
    Change model = new Change("model", "chat", "m-2", HOUR_US);

    assertThat(
            because(
                List.of(split("mix", 0.9, "calls moved to dearer cells")), List.of(model, DEPLOY)))
        .isEqualTo(
            ": calls moved to dearer cells; model m-2 first seen 01:00; deploy 4.2.1 of api first"
                + " seen 01:00");
    assertThat(because(List.of(), List.of(model))).isEqualTo(": model m-2 first seen 01:00");
  }

  /** The subject says the slice already: what is left begins the cause. */
  @Test
  void cause_thatNamesTheSubjectAlone_beginsWithWhatWasNew() {
    assertThat(because(List.of(slice(Map.of("feature", "chat"))), List.of(DEPLOY)))
        .isEqualTo(": deploy 4.2.1 of api first seen 01:00");
  }

  @Test
  void cause_withASlice_namesThreeVersionsBesideItAtMost() {
    List<Change> many = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      many.add(new Change("retrieval_version", "chat", "r" + i, HOUR_US));
    }

    assertThat(because(List.of(slice(Map.of("region", "eu"))), many))
        .contains(" r1 ", " r2 ", " r3 ")
        .doesNotContain(" r4 ", " r5 ");
  }

  @Test
  void subject_isTheFeatureFirst_thenTheOthersInWords() {
    assertThat(
            Sentences.subject(
                key(Map.of("model", "m", "feature", "chat", "user_tier", "pro", "region", "eu"))))
        .isEqualTo("chat on model m in region eu with user tier pro");
    assertThat(Sentences.subject(key(Map.of("user_tier", "pro", "workspace", "acme"))))
        .isEqualTo("user tier pro in workspace acme");
  }

  @Test
  void what_isWithoutABaseline_isSaidInWords() {
    assertThat(opened(CHAT, "spend_per_hour", 30, 0))
        .isEqualTo("chat costs what it did not before (since 01:00)");
    assertThat(opened(CHAT, "calls", 30, 0))
        .isEqualTo("chat has calls where it had none (since 01:00)");
    assertThat(opened(CHAT, "latency_us_p95", 3e6, 0))
        .isEqualTo("chat has a latency p95 where it had none (since 01:00)");
    assertThat(opened(CHAT, "error_share", 0.3, 0))
        .isEqualTo(
            "chat has an error share of 30.0 % against 0.0 % of its Thursday 01:00 baseline"
                + " (since 01:00)");
  }

  @Test
  void what_ofAPercentileOrAScore_namesIt() {
    assertThat(opened(CHAT, "latency_us_p95", 3e6, 1e6))
        .startsWith("chat has 3.0x the latency p95 of its Thursday 01:00 baseline");
    assertThat(opened(CHAT, "score.evaluator.tone", 0.5, 0.9))
        .startsWith("chat has a mean tone of 50.0 % against 90.0 % of its");
  }

  @Test
  void end_saysWhy() {
    assertThat(end(State.RESOLVED, Ending.VALUES)).startsWith("the cost of chat is back");
    assertThat(end(State.RESOLVED, Ending.SILENT))
        .startsWith("the cost of chat is over, nothing was heard of it any more");
    assertThat(end(State.RESOLVED, Ending.UNWATCHED))
        .startsWith("the cost of chat is no longer watched");
    assertThat(end(State.LEVEL_SHIFT, Ending.VALUES))
        .startsWith("the cost of chat stayed where it was and is taken for the usual now");
  }

  private static String end(State state, Ending ending) {
    Finding end = finding(CHAT, "spend_per_hour", state, ending, 10, 10);
    return Sentences.of(end, List.of(), List.of(), "blue");
  }
}
