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
import java.nio.charset.StandardCharsets;
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
  void read_folder_isNamed() {
    assertThatThrownBy(
            () ->
                CellFiles.read(
                    folder, folder, DIMENSIONS, "cost", null, new PrintWriter(errors, true)))
        .isInstanceOf(SeriesFileException.class)
        .hasMessage(folder + ": is a folder, not a file");
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
        .contains("after.csv, line 18: row not used: it has 1 columns, the header 3");
  }

  @Test
  void read_whatJavaTakesForANumber_isRefusedAndShownShort() throws IOException {
    List<String> after = new ArrayList<>(cells(1));
    after.add("small," + "9".repeat(5_000) + ",chat");
    after.add("small,0x1p3,chat");
    after.add("small,1,000,chat");

    read(cells(1), after);

    assertThat(errors.toString())
        .contains("line 17: row not used: '" + "9".repeat(40) + "...' is no number")
        .contains("line 18: row not used: '0x1p3' is no number")
        .contains("line 19: row not used: it has 4 columns, the header 3");
  }

  @Test
  void read_fieldOverTwoLines_isOneRow() throws IOException {
    List<String> after = new ArrayList<>(cells(1));
    after.add("\"two");
    after.add("lines\",1e-1,chat");
    after.add("\"stray,1,chat");
    after.add("small,.5,chat");

    CellTable table = read(cells(1), after);

    assertThat(table.size()).isEqualTo(16);
    assertThat(errors.toString().strip())
        .endsWith("after.csv, line 19: row not used: a quote is not closed");
  }

  @Test
  void read_neededColumnTwice_isRefused() {
    assertThatThrownBy(() -> read(cells(1), List.of("model,cost,feature,cost", "small,1,chat,2")))
        .hasMessageContaining("after.csv, line 1: column cost is there twice");
  }

  @Test
  void read_headerOnly_saysSo() {
    assertThatThrownBy(() -> read(cells(1), List.of("", "model,cost,feature")))
        .hasMessageContaining("after.csv: no row after the header");
  }

  @Test
  void read_notUtf8_namesTheFile() throws IOException {
    Path first = Files.write(folder.resolve("before.csv"), cells(1));
    Path second = folder.resolve("latin.csv");
    Files.writeString(
        second, "model,cost,feature\ncaf\u00e9,1,chat\n", StandardCharsets.ISO_8859_1);

    assertThatThrownBy(
            () ->
                CellFiles.read(
                    first, second, DIMENSIONS, "cost", null, new PrintWriter(errors, true)))
        .hasMessageContaining("latin.csv: not UTF-8");
  }

  @Test
  void read_missingColumn_namesItAndThoseThereAre() {
    assertThatThrownBy(() -> read(List.of("model,cost", "small,1"), cells(1)))
        .isInstanceOf(SeriesFileException.class)
        .hasMessageContaining("no column feature")
        .hasMessageContaining("[model, cost]");
  }
}
