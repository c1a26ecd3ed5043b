package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetFoldTest {
  private static final Generator GENERATOR = new Generator(Seeds.one());

  /** However the entries of different lines come between each other, nets and sums are the same. */
  @Test
  void order_betweenLines_changesNoSum() {
    List<Deque<LedgerEntry>> histories = new ArrayList<>();
    BigDecimal expected = BigDecimal.ZERO;
    for (int i = 0; i < 200; i++) {
      Deque<LedgerEntry> history = new ArrayDeque<>();
      LedgerLine last = null;
      int revisions = GENERATOR.between(1, 5);
      for (int revision = 1; revision <= revisions; revision++) {
        if (last != null) {
          history.add(TestLines.entry(-1, revision - 1, last));
        }
        last = TestLines.call("trace-" + i, "f", GENERATOR.between(0, 5_000), 7);
        history.add(TestLines.entry(1, revision, last));
      }
      if (last != null && GENERATOR.between(0, 5) == 0) {
        history.add(TestLines.entry(-1, revisions, last)); // removed
      } else if (last != null) {
        expected = expected.add(last.getCost());
      }
      histories.add(history);
    }

    NetFold<LedgerLine> fold = new NetFold<>(LedgerEntry::getLine);
    BigDecimal signed = BigDecimal.ZERO;
    while (!histories.isEmpty()) {
      int next = GENERATOR.between(0, histories.size() - 1);
      Deque<LedgerEntry> history = histories.get(next);
      LedgerEntry entry = history.remove();
      signed = signed.add(entry.getLine().getCost().multiply(BigDecimal.valueOf(entry.getSign())));
      fold.add(entry);
      histories.removeIf(Deque::isEmpty);
    }

    BigDecimal[] net = {BigDecimal.ZERO};
    fold.forEach((key, line) -> net[0] = net[0].add(line.getCost()));
    assertThat(signed).as("seed %d", GENERATOR.seed()).isEqualByComparingTo(expected);
    assertThat(net[0]).as("seed %d", GENERATOR.seed()).isEqualByComparingTo(expected);
  }

  @Test
  void retraction_ofAnotherRevision_keepsTheLine() {
    LedgerLine line = TestLines.call("a", "f", 1, 1);
    NetFold<LedgerLine> fold = new NetFold<>(LedgerEntry::getLine);
    fold.add(TestLines.entry(1, 2, line));
    fold.add(TestLines.entry(-1, 1, line));

    assertThat(fold.get(NetFold.key(line))).isEqualTo(line);
  }

  /** A line that was wanted once and is no more leaves nothing behind. */
  @Test
  void unwantedRevision_replacesTheWantedOne() {
    LedgerLine wanted = TestLines.call("a", "search", 1, 1);
    LedgerLine other = TestLines.call("a", "chat", 1, 1);
    NetFold<LedgerLine> fold =
        new NetFold<>(
            entry ->
                "search".equals(entry.getLine().getAttribution().getFeature().getValue())
                    ? entry.getLine()
                    : null);
    fold.add(TestLines.entry(1, 1, wanted));
    fold.add(TestLines.entry(-1, 1, wanted));
    fold.add(TestLines.entry(1, 2, other));

    assertThat(fold.get(NetFold.key(wanted))).isNull();
  }
}
