package dev.tributary.anomaly.core.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.anomaly.core.explain.DominantSlice.Carrier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who carries nearly all of a great change, and where nobody is said to. */
class DominantSliceTest {
  private static final List<String> REGIONS = List.of("eu", "us");

  private final CellTable byWorkspace = new CellTable(List.of("workspace"), false);
  private final CellTable byRegion = new CellTable(List.of("workspace", "region"), false);

  private void workspace(String name, double before, double after) {
    byWorkspace.add(false, List.of(name), before, 0);
    byWorkspace.add(true, List.of(name), after, 0);
  }

  private void still(int workspaces, double of) {
    for (int i = 0; i < workspaces; i++) {
      workspace("still" + i, of, of);
    }
  }

  private static List<Map<String, String>> named(CellTable table) {
    return DominantSlice.find(table).stream().map(Carrier::values).toList();
  }

  @Test
  void change_ofLessThanAHalf_isLeftToTheSearch() {
    workspace("acme", 100, 299);
    still(3, 100);
    assertThat(named(byWorkspace)).isEmpty();

    byWorkspace.add(true, List.of("acme"), 1, 0);
    assertThat(named(byWorkspace)).containsExactly(Map.of("workspace", "acme"));
  }

  /** More than all of it, where others lost: who got it is named. */
  @Test
  void value_thatGotWhatAnotherLost_isNamed_withItsPartOfTheChange() {
    workspace("acme", 100, 500);
    workspace("bolt", 100, 0);
    still(2, 100);

    List<Carrier> carriers = DominantSlice.find(byWorkspace);

    assertThat(carriers).hasSize(1);
    assertThat(carriers.get(0).values()).isEqualTo(Map.of("workspace", "acme"));
    assertThat(carriers.get(0).share()).isCloseTo(4 / 3.0, within(1e-12));
  }

  /** Where all move alike, the greatest carries most and explains nothing. */
  @Test
  void value_thatCarriesWhatItsSizeLetsExpect_isNotNamed() {
    workspace("acme", 800, 1_600);
    workspace("bolt", 100, 200);
    workspace("cyan", 100, 200);

    assertThat(named(byWorkspace)).isEmpty();
  }

  @Test
  void value_thatIsMostOfTheWhole_isNamedWhereTheRestKeepsStill() {
    workspace("acme", 750, 2_250);
    still(5, 50);
    assertThat(named(byWorkspace)).containsExactly(Map.of("workspace", "acme"));
  }

  @Test
  void value_thatIsNearlyTheWhole_isNotNamed() {
    workspace("acme", 850, 2_550);
    still(3, 50);
    assertThat(named(byWorkspace)).isEmpty();
  }

  @Test
  void value_thatIsMostOfTheWhole_isNotNamedWhereTheRestMovesToo() {
    workspace("acme", 750, 2_250);
    workspace("bolt", 250, 375);
    assertThat(named(byWorkspace)).isEmpty();
  }

  @Test
  void twoOrThreeValues_thatShareTheChange_areNamedTheGreatestFirst() {
    workspace("acme", 100, 380);
    workspace("bolt", 100, 400);
    still(6, 100);
    assertThat(named(byWorkspace)).as("too little of the whole for two").isEmpty();

    workspace("acme", 0, 10);
    workspace("bolt", 0, 20);
    List<Carrier> carriers = DominantSlice.find(byWorkspace);
    assertThat(carriers)
        .extracting(Carrier::values)
        .containsExactly(Map.of("workspace", "bolt"), Map.of("workspace", "acme"));
    assertThat(carriers.get(0).share()).isCloseTo(320 / 610.0, within(1e-12));
    assertThat(carriers.get(1).share()).isCloseTo(290 / 610.0, within(1e-12));

    workspace("cyan", 100, 500);
    assertThat(named(byWorkspace))
        .containsExactly(
            Map.of("workspace", "cyan"), Map.of("workspace", "bolt"), Map.of("workspace", "acme"));
  }

  /** Then it is no few any more. */
  @Test
  void fourValues_thatShareTheChange_areNotNamed() {
    for (String name : List.of("acme", "bolt", "cyan", "dune")) {
      workspace(name, 100, 500);
    }
    still(12, 100);

    assertThat(named(byWorkspace)).isEmpty();
  }

  private void regions(String workspace, double before, double... after) {
    for (int i = 0; i < after.length; i++) {
      byRegion.add(false, List.of(workspace, REGIONS.get(i)), before, 0);
      byRegion.add(true, List.of(workspace, REGIONS.get(i)), after[i], 0);
    }
  }

  private List<Map<String, String>> namedOfAcme(double inEu, double inUs) {
    CellTable table = new CellTable(List.of("workspace", "region"), false);
    List<String> others = List.of("bolt", "cyan", "dune");
    for (String region : REGIONS) {
      table.add(false, List.of("acme", region), 100, 0);
      table.add(true, List.of("acme", region), region.equals("eu") ? inEu : inUs, 0);
      for (String other : others) {
        table.add(false, List.of(other, region), 100, 0);
        table.add(true, List.of(other, region), 100, 0);
      }
    }
    return named(table);
  }

  /** Within what was named the rest has to keep still; all of acme moved where it does not. */
  @Test
  void slice_isNarrowedWhereTheRestOfItKeepsStill() {
    Map<String, String> acme = Map.of("workspace", "acme");
    Map<String, String> inEu = Map.of("workspace", "acme", "region", "eu");

    assertThat(namedOfAcme(600, 100)).containsExactly(inEu);
    assertThat(namedOfAcme(600, 134)).containsExactly(inEu);
    assertThat(namedOfAcme(600, 136)).containsExactly(acme);
    assertThat(namedOfAcme(500, 500)).containsExactly(acme);
  }

  @Test
  void values_thatShareTheChange_areEachNarrowed() {
    regions("acme", 100, 900, 100);
    regions("bolt", 100, 400, 600);
    regions("cyan", 100, 100, 100);
    regions("dune", 100, 100, 100);

    List<Carrier> carriers = DominantSlice.find(byRegion);

    assertThat(carriers)
        .extracting(Carrier::values)
        .containsExactlyInAnyOrder(
            Map.of("workspace", "acme", "region", "eu"), Map.of("workspace", "bolt"));
    assertThat(carriers).extracting(Carrier::share).containsOnly(0.5);
  }

  /** Two of four regions share it as two of ten workspaces do: these say more. */
  @Test
  void values_thatShareTheChange_areOfTheDimensionThatTellsMost() {
    CellTable table = new CellTable(List.of("region", "workspace"), false);
    for (String region : List.of("eu", "us", "ap", "uk")) {
      for (int i = 0; i < 10; i++) {
        boolean isShared = i < 2 && (region.equals("eu") || region.equals("us"));
        table.add(false, List.of(region, "w" + i), 10, 0);
        table.add(true, List.of(region, "w" + i), isShared ? 110 : 10, 0);
      }
    }

    assertThat(named(table))
        .hasSize(2)
        .allSatisfy(values -> assertThat(values).containsKey("workspace"))
        .extracting(values -> values.get("workspace"))
        .containsExactlyInAnyOrder("w0", "w1");
  }

  /** Of a ratio, more calls at the usual rate are no change; what is above that rate is. */
  @Test
  void ratio_namesWhoseRateRose_notWhoHasMoreCalls() {
    CellTable table = new CellTable(List.of("workspace"), true);
    for (String name : List.of("acme", "bolt", "cyan", "dune")) {
      table.add(false, List.of(name), 10, 1_000);
      double calls = name.equals("bolt") ? 10_000 : 1_000;
      table.add(true, List.of(name), name.equals("acme") ? 300 : calls / 100, calls);
    }

    assertThat(named(table)).containsExactly(Map.of("workspace", "acme"));
  }

  @Test
  void nothing_thatChanged_isNothingNamed() {
    still(3, 100);
    assertThat(named(byWorkspace)).isEmpty();
  }
}
