package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NetComparisonTest {
  private static final Selection DAY =
      new Selection("default", TestLines.DAY_US, TestLines.DAY_US + 86_400_000_000L, null, null);
  private static final LedgerLine LINE = TestLines.call("a", "search", 100, 10);

  private final NetComparison comparison = new NetComparison(DAY);

  @Test
  void otherVersionsOnly_areNoDifference() {
    comparison.booked(TestLines.entry(1, 4, LINE));
    comparison.replayed(
        TestLines.entry(
            1,
            1,
            LedgerLine.newBuilder(LINE).setReferenceVersion(9).setCatalogueVersion("9").build()));

    assertThat(changes()).isEmpty();
  }

  @Test
  void otherPrice_isPostedAgainstTheBookedRevision() {
    LedgerLine dearer = TestLines.call("a", "search", 200, 10);
    comparison.booked(TestLines.entry(1, 4, LINE));
    comparison.replayed(TestLines.entry(1, 1, dearer));

    assertThat(changes())
        .containsExactly("%s at 4 -> %s".formatted(LINE.getCost(), dearer.getCost()));
  }

  @Test
  void missingLine_isAdded_andLineWithoutSpan_isRemoved() {
    LedgerLine other = TestLines.call("b", "search", 100, 10);
    comparison.replayed(TestLines.entry(1, 1, LINE));
    comparison.booked(TestLines.entry(1, 2, other));

    assertThat(changes())
        .containsExactly("null at 0 -> " + LINE.getCost(), other.getCost() + " at 2 -> null");
  }

  @Test
  void admittedLine_stays() {
    LedgerEntry admitted =
        LedgerEntry.newBuilder(TestLines.entry(1, 1, LINE)).setCause(EntryCause.ADMITTED).build();
    comparison.booked(admitted);

    assertThat(changes()).isEmpty();
  }

  @Test
  void otherDaysAndTenants_areLeftAlone() {
    comparison.booked(
        TestLines.entry(
            1, 1, LedgerLine.newBuilder(LINE).setEventTimeUs(TestLines.DAY_US - 1).build()));
    comparison.replayed(
        TestLines.entry(1, 1, LedgerLine.newBuilder(LINE).setTenant("other").build()));

    assertThat(changes()).isEmpty();
  }

  @Test
  void lineOfASpanThatCameSince_isLeftAlone() {
    comparison.bookedSince(TestLines.entry(1, 1, LINE));

    assertThat(changes()).isEmpty();
    assertThat(comparison.leftAlone()).isEqualTo(1);
  }

  @Test
  void lineThatMovedSince_isLeftAlone_alsoWhereItIsGone() {
    LedgerLine gone = TestLines.call("b", "search", 100, 10);
    LedgerLine dearer = TestLines.call("a", "search", 200, 10);
    comparison.replayed(TestLines.entry(1, 1, dearer));
    comparison.replayed(TestLines.entry(1, 1, gone));
    comparison.booked(TestLines.entry(1, 1, LINE));
    comparison.booked(TestLines.entry(1, 1, gone));
    comparison.bookedSince(TestLines.entry(-1, 1, LINE));
    comparison.bookedSince(TestLines.entry(1, 2, LINE));
    comparison.bookedSince(TestLines.entry(-1, 1, gone));

    assertThat(changes()).isEmpty();
    assertThat(comparison.leftAlone()).isEqualTo(2);
  }

  @Test
  void lineThatMovedToWhatTheReplaySays_isNotSpokenOf() {
    LedgerLine dearer = TestLines.call("a", "search", 200, 10);
    comparison.replayed(TestLines.entry(1, 1, dearer));
    comparison.booked(TestLines.entry(1, 1, LINE));
    comparison.bookedSince(TestLines.entry(-1, 1, LINE));
    comparison.bookedSince(TestLines.entry(1, 2, dearer));

    assertThat(changes()).isEmpty();
    assertThat(comparison.leftAlone()).isZero();
  }

  @Test
  void stepThatFoundTheModel_isNoDifference() {
    comparison.booked(TestLines.entry(1, 4, LINE));
    comparison.replayed(
        TestLines.entry(1, 1, LedgerLine.newBuilder(LINE).setModelStep("another").build()));

    assertThat(changes()).isEmpty();
  }

  /** A line that moved over the edge of the period is seen from both sides. */
  @Test
  void lineThatMovedInTime_isComparedWhereEitherIsInThePeriod() {
    LedgerLine dayBefore = LedgerLine.newBuilder(LINE).setEventTimeUs(TestLines.DAY_US - 1).build();
    LedgerLine other = TestLines.call("b", "search", 100, 10);
    LedgerLine otherBefore =
        LedgerLine.newBuilder(other).setEventTimeUs(TestLines.DAY_US - 1).build();
    comparison.booked(TestLines.entry(1, 1, LINE));
    comparison.replayed(TestLines.entry(1, 1, dayBefore));
    comparison.booked(TestLines.entry(1, 2, otherBefore));
    comparison.replayed(TestLines.entry(1, 1, other));

    assertThat(changes()).hasSize(2);
  }

  @Test
  void lineThatIsOutsideInBoth_isLeftAlone() {
    LedgerLine before = LedgerLine.newBuilder(LINE).setEventTimeUs(TestLines.DAY_US - 1).build();
    LedgerLine dearer =
        LedgerLine.newBuilder(TestLines.call("a", "search", 200, 10))
            .setEventTimeUs(TestLines.DAY_US - 1)
            .build();
    comparison.booked(TestLines.entry(1, 1, before));
    comparison.replayed(TestLines.entry(1, 1, dearer));

    assertThat(changes()).isEmpty();
  }

  private List<String> changes() {
    List<String> changes = new ArrayList<>();
    comparison.changes(
        change ->
            changes.add(
                "%s at %d -> %s"
                    .formatted(cost(change.before()), change.revision(), cost(change.after()))));
    return changes;
  }

  private static @Nullable BigDecimal cost(@Nullable LedgerLine line) {
    return line == null ? null : line.getCost();
  }
}
