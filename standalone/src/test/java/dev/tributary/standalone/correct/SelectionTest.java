package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.standalone.platform.PlatformException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final long FROM = TestLines.DAY_US + 1_500;
  private static final long UNTIL = FROM + 10;
  private static final LedgerLine LINE = TestLines.call("a", "search", 100, 10);

  /** Neighbouring periods have every line once. */
  @Test
  void period_isHalfOpen() {
    Selection all = selection(null, null);

    assertThat(all.matches(at(FROM - 1))).isFalse();
    assertThat(all.matches(at(FROM))).isTrue();
    assertThat(all.matches(at(UNTIL - 1))).isTrue();
    assertThat(all.matches(at(UNTIL))).isFalse();
  }

  @Test
  void emptyPeriod_isRefused() {
    assertThatThrownBy(() -> new Selection("default", FROM, FROM, null, null))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--to must be after --from");
  }

  /** Records are stamped with milliseconds, lines with microseconds. */
  @Test
  void firstRecord_isNotAfterTheFirstLine() {
    assertThat(selection(null, null).fromMs()).isEqualTo(TestLines.DAY_US / 1_000 + 1);
    assertThat(new Selection("default", -1, 0, null, null).fromMs()).isEqualTo(-1);
  }

  @Test
  void linesOfPoolsAndOfOthers_areLeftOut() {
    LedgerLine pool = at(FROM);
    pool.setKind(LineKind.ALLOCATION);
    LedgerLine other = at(FROM);
    other.setTenant("other");

    assertThat(selection(null, null).matches(pool)).isFalse();
    assertThat(selection(null, null).matches(other)).isFalse();
  }

  @Test
  void feature_isTheBookedOne() {
    assertThat(selection("search", null).matches(at(FROM))).isTrue();
    assertThat(selection("chat", null).matches(at(FROM))).isFalse();
  }

  @Test
  void model_isItsCanonicalNameOrOneOfItsRawNames() {
    LedgerLine line = at(FROM);
    line.setModelCanonical("canonical");
    line.setModelReturned("returned");
    line.setModelRequested("requested");

    assertThat(selection(null, "canonical").matches(line)).isTrue();
    assertThat(selection(null, "returned").matches(line)).isTrue();
    assertThat(selection(null, "requested").matches(line)).isTrue();
    assertThat(selection(null, "gpt-4o").matches(line)).isFalse();
    assertThat(selection("chat", "canonical").matches(line)).isFalse();
  }

  private static Selection selection(@Nullable String feature, @Nullable String model) {
    return new Selection("default", FROM, UNTIL, feature, model);
  }

  private static LedgerLine at(long eventTimeUs) {
    return LedgerLine.newBuilder(LINE).setEventTimeUs(eventTimeUs).build();
  }
}
