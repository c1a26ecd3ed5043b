package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.OwnershipReader;
import dev.tributary.attribution.SchemaCodec;
import dev.tributary.attribution.core.OwnershipRules;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LineRuleTest {
  private static final LedgerLine LINE = TestLines.call("a1", "search", 1_234, 567);

  @Test
  void prices_sameCatalogueUnderAnotherNumber_changeNothing() {
    assertThat(LineRule.prices(TestLines.prices(1, 1)).corrected(LINE)).isNull();
    assertThat(LineRule.prices(TestLines.prices(9, 1)).corrected(LINE)).isNull();
  }

  @Test
  void prices_forthAndBack_restoreTheBytes() {
    LedgerLine dearer =
        Objects.requireNonNull(LineRule.prices(TestLines.prices(2, 3)).corrected(LINE));

    assertThat(dearer.getCost()).isGreaterThan(LINE.getCost());
    LedgerLine back =
        Objects.requireNonNull(LineRule.prices(TestLines.prices(1, 1)).corrected(dearer));
    assertThat(new SchemaCodec().encode(back)).isEqualTo(new SchemaCodec().encode(LINE));
  }

  /** A card that arrives fills what was null; nothing else makes it a number. */
  @Test
  void prices_unknownModel_staysNullUntilItsCardComes() {
    LedgerLine unknown = TestLines.unpriced("a1", "search", "nobody-knows-this", 10, 10);
    LedgerLine priced =
        Objects.requireNonNull(LineRule.prices(TestLines.prices(1, 1)).corrected(unknown));
    assertThat(priced.getCost()).isNull();
    assertThat(priced.getPriceStatus()).isEqualTo(PriceStatus.UNKNOWN_MODEL);

    LedgerLine waiting = TestLines.unpriced("a1", "search", TestLines.MODEL, 10, 10);
    LedgerLine filled =
        Objects.requireNonNull(LineRule.prices(TestLines.prices(1, 1)).corrected(waiting));
    assertThat(filled.getCost()).isPositive();
  }

  @Test
  void owners_moveFromTheirDateOn() {
    OwnershipRules rules =
        new OwnershipRules(
            OwnershipReader.readFile(
                "owners.yaml",
                """
                rules:
                  - id: search-team
                    match: {feature: "search"}
                    set: {team: discovery}
                    effective_from: 2026-03-01T00:00:00Z
                """));
    ReferenceView view = TestLines.view(2, 1, rules);

    LedgerLine moved = Objects.requireNonNull(LineRule.owners(view).corrected(LINE));

    assertThat(moved.getAttribution().getTeam().getValue()).isEqualTo("discovery");
    assertThat(moved.getCost()).isEqualTo(LINE.getCost());
    assertThat(LineRule.owners(view).corrected(moved)).isNull();
    LedgerLine dayBefore = LedgerLine.newBuilder(LINE).setEventTimeUs(TestLines.DAY_US - 1).build();
    assertThat(LineRule.owners(view).corrected(dayBefore)).isNull();
    assertThat(List.of(LINE, dayBefore))
        .extracting(line -> line.getAttribution().getTeam().getValue())
        .containsOnlyNulls();
  }
}
