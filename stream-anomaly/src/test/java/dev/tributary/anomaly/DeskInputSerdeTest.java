package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.StateWriter;
import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.ExampleCall;
import dev.tributary.anomaly.core.group.Version;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells on their way to a desk: steps that are open while a new version starts are still read. */
class DeskInputSerdeTest {
  private static final CellFact CELL =
      new CellFact(
          Map.of("feature", "chat"),
          300_000_000L,
          10,
          0,
          10,
          Map.of("out.text", 100L),
          Map.of("out.text", BigDecimal.ONE),
          List.of("card"));

  private static List<Version> versions(int count) {
    return List.of(
            new Version("deploy", "api", "4.2.1", 7), new Version("deploy", "api", "4.2.2", 9))
        .subList(0, count);
  }

  private static CellFact shown() {
    return new CellFact(
        CELL.dimensions(),
        CELL.startUs(),
        CELL.calls(),
        CELL.errors(),
        CELL.pricedCalls(),
        CELL.tokens(),
        CELL.costs(),
        CELL.rateCards(),
        new ExampleCall("a", BigDecimal.TEN),
        new ExampleCall("b", BigDecimal.ONE));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void cell_travelsWithItsVersionsAndCalls(int count) {
    DeskInput.Seen seen = new DeskInput.Seen(600, "default", "test", shown(), versions(count));

    assertThat(DeskInputSerde.decode(DeskInputSerde.encode(seen))).isEqualTo(seen);
  }

  /** As it was written before calls were named: the versions are the last thing. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void cell_ofAnOlderVersion_isReadWithoutCalls(int count) {
    StateWriter older = new StateWriter();
    older.octet(SEEN).whole(600).text("default").text("test");
    CELL.save(older);
    Version.save(versions(count), older);

    assertThat(DeskInputSerde.decode(older.toBytes()))
        .isEqualTo(new DeskInput.Seen(600, "default", "test", CELL, versions(count)));
  }

  private static final int SEEN = 2;
}
