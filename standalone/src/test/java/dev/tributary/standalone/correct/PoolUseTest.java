package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.schemas.Provenance;
import dev.tributary.standalone.correct.OwnerPart.Tag;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolUseTest {
  private static final Consumer SEARCH = new Consumer("prod", "search", "discovery", null);

  private final PoolUse use = new PoolUse();

  /** What the same work costs by cards beside the pool is all of it, not the last row's. */
  @Test
  void tokensCostsAndCalls_addUp() {
    add(10, "cc-1", "0.1", 1);
    add(5, "cc-1", "0.02", 2);

    assertThat(use.tokens()).isEqualTo(Map.of(SEARCH, 15L));
    assertThat(use.ownCost()).isEqualByComparingTo("0.12");
    assertThat(use.pricedCalls()).isEqualTo(3);
    assertThat(costCenter()).isEqualTo("cc-1");
  }

  /** A share is for all calls of its consumer: of two cost centres neither bears it. */
  @Test
  void costCenters_thatDiffer_areNone() {
    add(10, "cc-1", "0", 0);
    add(10, "cc-2", "0", 0);
    add(10, "cc-2", "0", 0);

    assertThat(costCenter()).isNull();
  }

  @Test
  void costCenter_ofSomeCallsOnly_isNone() {
    add(10, null, "0", 0);
    add(10, "cc-2", "0", 0);

    assertThat(costCenter()).isNull();
  }

  /** A share is as certain as the least certain of its calls, in whatever order they come. */
  @Test
  void provenance_isTheLeastCertain() {
    for (Provenance next : List.of(Provenance.OWN, Provenance.RULE, Provenance.TRACE_ROOT)) {
      use.add(SEARCH, 1, null, Map.of(Tag.FEATURE, next), BigDecimal.ZERO, 0);
    }

    OwnerPart part = Objects.requireNonNull(use.part(SEARCH));
    assertThat(part.provenance(Tag.FEATURE)).isEqualTo(Provenance.RULE);
    assertThat(part.provenance(Tag.TEAM)).isEqualTo(Provenance.UNATTRIBUTED);
  }

  private @Nullable String costCenter() {
    return Objects.requireNonNull(use.part(SEARCH)).costCenter();
  }

  private void add(long tokens, @Nullable String costCenter, String cost, long priced) {
    use.add(SEARCH, tokens, costCenter, Map.of(), new BigDecimal(cost), priced);
  }
}
