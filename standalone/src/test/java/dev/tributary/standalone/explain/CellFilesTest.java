package dev.tributary.standalone.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.anomaly.core.explain.CellTable;
import dev.tributary.anomaly.core.explain.SliceSearch;
import dev.tributary.standalone.backtest.SeriesFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellFilesTest {
  private static final List<String> DIMENSIONS = List.of("feature", "model");

  @TempDir private Path folder;

  private final StringWriter errors = new StringWriter();

  private CellTable read(List<String> before, List<String> after) throws IOException {
    Path first = Files.write(folder.resolve("before.csv"), before);
    Path second = Files.write(folder.resolve("after.csv"), after);
    return CellFiles.read(first, second, DIMENSIONS, "cost", null, new PrintWriter(errors, true));
  }

  private static List<String> cells(double chat) {
    Random random = new Random(5);
    List<String> rows = new ArrayList<>();
    rows.add("model,cost,feature");
    for (String feature : List.of("chat", "search", "code", "mail", "docs")) {
      for (String model : List.of("small", "large", "\"mini, preview\"")) {
        double cost = 10 + random.nextInt(50);
        rows.add(model + "," + (feature.equals("chat") ? chat * cost : cost) + "," + feature);
      }
    }
    return rows;
  }

  @Test
  void read_oneFeatureTripled_isTheFirstOfTheList() throws IOException {
    StringWriter out = new StringWriter();

    SliceJson.print(SliceSearch.search(read(cells(1), cells(3))), new PrintWriter(out));

    JsonNode first = new ObjectMapper().readTree(out.toString()).get(0);
    assertThat(first.get("slice").toString()).isEqualTo("{\"feature\":\"chat\"}");
    assertThat(first.get("rank").intValue()).isEqualTo(1);
    assertThat(first.get("cause").booleanValue()).isTrue();
    assertThat(first.get("after").doubleValue()).isEqualTo(3 * first.get("before").doubleValue());
    assertThat(first.get("score").doubleValue()).isBetween(0.5, 1.0);
  }

  @Test
  void read_sameFiles_isAnEmptyList() throws IOException {
    StringWriter out = new StringWriter();

    SliceJson.print(SliceSearch.search(read(cells(1), cells(1))), new PrintWriter(out));

    assertThat(new ObjectMapper().readTree(out.toString())).isEmpty();
  }

  @Test
  void read_badRow_isNamedAndLeftOut() throws IOException {
    List<String> after = new ArrayList<>(cells(1));
    after.add("small,free,chat");
    after.add("small");

    CellTable table = read(cells(1), after);

    assertThat(table.size()).isEqualTo(15);
    assertThat(errors.toString())
        .contains("after.csv, line 17: row not used: 'free' is no number")
        .contains("after.csv, line 18: row not used: it has 1 columns");
  }

  @Test
  void read_missingColumn_namesItAndThoseThereAre() {
    assertThatThrownBy(() -> read(List.of("model,cost", "small,1"), cells(1)))
        .isInstanceOf(SeriesFileException.class)
        .hasMessageContaining("no column feature")
        .hasMessageContaining("[model, cost]");
  }
}
