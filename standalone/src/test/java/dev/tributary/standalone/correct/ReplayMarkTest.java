package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayMarkTest {
  private static final RunOrder ORDER =
      new RunOrder(
          RunOrder.Kind.REPLAY, new Selection("default", 0, 1_500_001, null, null), 3, "night");

  @Test
  void completeMark_isReadAsWritten() {
    ReplayMark mark = new ReplayMark(ORDER, Map.of(0, 12L, 11, 0L));

    ReplayMark read = ReplayMark.parse("default", mark.print());

    assertThat(read).isEqualTo(mark);
    assertThat(mark.isComplete()).isTrue();
  }

  @Test
  void beginning_isNotComplete() {
    ReplayMark read = ReplayMark.parse("default", new ReplayMark(ORDER, Map.of()).print());

    assertThat(read).isEqualTo(new ReplayMark(ORDER, Map.of()));
    assertThat(new ReplayMark(ORDER, Map.of()).isComplete()).isFalse();
  }

  @Test
  void somethingElse_isNone() {
    assertThat(ReplayMark.parse("default", "")).isNull();
    assertThat(ReplayMark.parse("default", "{}")).isNull();
  }
}
