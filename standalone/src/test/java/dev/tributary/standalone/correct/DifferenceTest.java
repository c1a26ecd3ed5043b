package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerLine;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void unknownCost_isNullAndCounted_neverZero() {
    LedgerLine unknown = TestLines.unpriced("a", "search", TestLines.MODEL, 1_000_000, 0);
    LedgerLine known = TestLines.call("a", "search", 1_000_000, 0);
    Difference difference = Difference.of(RunOrder.Kind.PRICE);

    difference.add(new LineChange(unknown, 1, known));

    assertThat(difference.print().lines().toList().get(1).strip().split(" +"))
        .containsExactly(
            "search", "gpt-4o-mini", "2026-03-01", "1", "null", "1", "0.15", "0", "0.15");
    assertThat(difference.amount()).isEqualByComparingTo("0.15");
  }

  @Test
  void groups_sumTheirLines() {
    Difference difference = Difference.of(RunOrder.Kind.PRICE);
    for (int i = 0; i < 3; i++) {
      LedgerLine line = TestLines.call("t" + i, i < 2 ? "search" : "chat", 1_000_000, 0);
      LedgerLine dearer =
          LedgerLine.newBuilder(line).setCost(new BigDecimal("0.400000000000000000")).build();
      difference.add(new LineChange(line, 1, dearer));
    }

    assertThat(difference.print().lines().map(row -> row.strip().replaceAll(" +", " ")))
        .containsExactly(
            "feature model day lines old old null new new null difference",
            "chat gpt-4o-mini 2026-03-01 1 0.15 0 0.4 0 0.25",
            "search gpt-4o-mini 2026-03-01 2 0.3 0 0.8 0 0.5",
            "total 3 0.45 0 1.2 0 0.75");
  }

  @Test
  void addedAndRemovedLines_areCountedApart() {
    LedgerLine line = TestLines.call("a", "search", 1_000_000, 0);
    Difference difference = Difference.of(RunOrder.Kind.REPLAY);
    difference.add(new LineChange(null, 0, line));
    difference.add(new LineChange(line, 4, null));
    difference.add(new LineChange(null, 0, line));

    assertThat(difference.lines()).isEqualTo(3);
    assertThat(difference.amount()).isEqualByComparingTo(line.getCost());
    assertThat(difference.print().lines().findFirst().orElse("")).endsWith("added  removed");
    assertThat(difference.print().lines().toList().get(2)).matches(".*\\s2\\s+1");
  }
}
