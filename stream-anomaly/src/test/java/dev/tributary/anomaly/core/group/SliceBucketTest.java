package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which price bucket the change of a slice's cost lies in. */
class SliceBucketTest {
  private static CellFact cell(String workspace, int input, int output, int reasoning) {
    return new CellFact(
        Map.of("workspace", workspace),
        0,
        10,
        0,
        10,
        Map.of(),
        Map.of(
            "in.text.uncached", BigDecimal.valueOf(input),
            "out.text", BigDecimal.valueOf(output),
            "out.reasoning", BigDecimal.valueOf(reasoning)),
        List.of());
  }

  private static final List<CellFact> BEFORE =
      List.of(cell("acme", 10, 10, 10), cell("bolt", 9, 9, 9));

  @Test
  void bucket_thatMakesMostOfTheChange_isFound_inTheSliceAlone() {
    List<CellFact> after = List.of(cell("acme", 12, 11, 107), cell("bolt", 900, 9, 9));

    CellComparison.BucketShare most =
        new CellComparison(BEFORE, after).bucket(Map.of("workspace", "acme"));

    assertThat(most.bucket()).isEqualTo("out.reasoning");
    assertThat(most.share()).isEqualTo(0.97);
  }

  /** What goes the other way carries nothing of a fall, and more than all of it can be one's. */
  @Test
  void bucket_ofAFall_isTheOneThatFell() {
    List<CellFact> after = List.of(cell("acme", 0, 15, 10), cell("bolt", 9, 9, 9));

    CellComparison.BucketShare most = new CellComparison(BEFORE, after).bucket(Map.of());

    assertThat(most.bucket()).isEqualTo("in.text.uncached");
    assertThat(most.share()).isEqualTo(2);
  }

  @Test
  void bucket_whereNothingChanged_isNone() {
    assertThat(new CellComparison(BEFORE, BEFORE).bucket(Map.of())).isNull();
  }
}
