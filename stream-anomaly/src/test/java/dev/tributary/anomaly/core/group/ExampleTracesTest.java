package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Traces to open of an episode. */
class ExampleTracesTest {
  private static final List<NamedCause> IN_ACME =
      List.of(
          new NamedCause("tokens_per_call", Map.of(), BigDecimal.ONE, 0.9, ""),
          new NamedCause(
              NamedCause.SLICE, Map.of("workspace", "acme", "prompt_version", "v2"), null, 0.9, ""),
          new NamedCause(NamedCause.SLICE, Map.of("workspace", "bolt"), null, 0.1, ""));

  /** Ten calls of a cost each, and two of them by name. */
  private static CellFact cell(
      String workspace, String version, String cost, String dearest, String byChance) {
    BigDecimal each = new BigDecimal(cost);
    return new CellFact(
        Map.of("feature", "chat", "workspace", workspace, "prompt_version", version),
        0,
        10,
        0,
        10,
        Map.of("out.text", 100L),
        Map.of("out.text", each.movePointRight(1)),
        List.of(),
        new ExampleCall(dearest, each.multiply(BigDecimal.TEN)),
        new ExampleCall(byChance, each));
  }

  @Test
  void traces_ofTheSliceNamedFirst_thatAnOlderPromptHadBefore() {
    List<CellFact> before =
        List.of(cell("acme", "v1", "1", "a1", "a2"), cell("bolt", "v1", "1", "b1", "b2"));
    List<CellFact> after =
        List.of(cell("acme", "v2", "9", "a3", "a4"), cell("bolt", "v1", "90", "b3", "b4"));

    assertThat(ExampleTraces.of(before, after, IN_ACME)).containsExactly("a3", "a2", "a4");
  }

  @Test
  void traces_withoutASlice_areOfAll() {
    List<CellFact> before = List.of(cell("acme", "v1", "1", "a1", "a2"));
    List<CellFact> after =
        List.of(cell("acme", "v1", "2", "a3", "a4"), cell("bolt", "v1", "3", "b3", "b4"));

    assertThat(ExampleTraces.of(before, after, List.of())).containsExactly("b3", "a2", "a4");
  }

  /** Of cells of 1, 2 and 9 a call, the mean of 4 is nearest to the second's. */
  @Test
  void typical_isNearestToTheMeanOfACall() {
    List<CellFact> after =
        List.of(
            cell("acme", "v1", "1", "a1", "a2"),
            cell("bolt", "v1", "2", "b1", "b2"),
            cell("cyan", "v1", "9", "c1", "c2"));

    assertThat(ExampleTraces.of(after, after, List.of())).containsExactly("c1", "b2", "b2");
  }

  @Test
  void traces_ofWhatIsNew_haveNoneBefore_andOfWhatIsGoneThereAreNone() {
    List<CellFact> some = List.of(cell("acme", "v2", "1", "a1", "a2"));

    assertThat(ExampleTraces.of(List.of(), some, IN_ACME)).containsExactly("a1", "a2");
    assertThat(ExampleTraces.of(some, List.of(), IN_ACME)).isEmpty();
  }

  @Test
  void cell_isStoredWithItsCalls_andReadWithoutWhereThereWereNone() {
    CellFact cell = cell("acme", "v2", "1", "a1", "a2");
    StateWriter stored = new StateWriter();
    cell.save(stored);
    StateReader older = new StateReader(stored.toBytes());
    CellFact without = CellFact.load(older).withCalls(older);
    assertThat(without.dearest()).isNull();
    assertThat(without.calls()).isEqualTo(10);

    cell.saveCalls(stored);

    StateReader whole = new StateReader(stored.toBytes());
    assertThat(CellFact.load(whole).withCalls(whole)).isEqualTo(cell);
  }
}
