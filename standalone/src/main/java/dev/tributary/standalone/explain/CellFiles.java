package dev.tributary.standalone.explain;

import dev.tributary.anomaly.core.explain.CellTable;
import dev.tributary.standalone.backtest.SeriesFileException;
import dev.tributary.standalone.text.CsvLine;
import dev.tributary.standalone.text.CsvRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads cells before and after: a header row, then a row per combination of dimension values. */
public final class CellFiles {
  private static final int SHOWN = 5;
  private static final double LARGEST = 1e100;
  private static final int MOST_SHOWN = 40;

  private final List<String> dimensions;
  private final String value;
  private final @Nullable String count;
  private final PrintWriter errors;
  private final CellTable table;

  private CellFiles(
      List<String> dimensions, String value, @Nullable String count, PrintWriter errors) {
    this.dimensions = dimensions;
    this.value = value;
    this.count = count;
    this.errors = errors;
    this.table = new CellTable(dimensions, count != null);
  }

  /**
   * The cells of both files. A combination that one file lacks is zero there; one that a file has
   * twice is summed.
   *
   * @param count column of the second sum; with it the metric is value over count
   * @param errors where rows that cannot be used are named
   * @throws SeriesFileException where a file lacks a column, or has no usable row
   */
  public static CellTable read(
      Path before,
      Path after,
      List<String> dimensions,
      String value,
      @Nullable String count,
      PrintWriter errors)
      throws IOException {
    CellFiles files = new CellFiles(dimensions, value, count, errors);
    files.add(before, false);
    files.add(after, true);
    errors.flush();
    return files.table;
  }

  private void add(Path file, boolean isAfter) throws IOException {
    if (Files.isDirectory(file)) {
      throw new SeriesFileException(file + ": is a folder, not a file");
    }
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      add(file, new CsvRows(reader), isAfter);
    } catch (MalformedInputException e) {
      throw new SeriesFileException(file + ": not UTF-8");
    }
  }

  private void add(Path file, CsvRows rows, boolean isAfter) throws IOException {
    List<String> names = rows.next();
    if (names == null) {
      throw new SeriesFileException(file + ": empty; a header row is needed");
    }
    String where = file + ", line " + rows.line();
    int[] columns = new int[dimensions.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(where, names, dimensions.get(i));
    }
    int valueColumn = column(where, names, value);
    int countColumn = count == null ? -1 : column(where, names, count);
    int needed = 1 + Math.max(valueColumn, Math.max(countColumn, max(columns)));
    long used = 0;
    long refused = 0;
    for (List<String> row = rows.next(); row != null; row = rows.next()) {
      String problem = rows.isOpen() ? "a quote is not closed" : misfit(row, needed, names.size());
      if (problem == null) {
        problem = addRow(row, columns, valueColumn, countColumn, isAfter);
      }
      if (problem == null) {
        used++;
      } else if (++refused <= SHOWN) {
        errors.println(file + ", line " + rows.line() + ": row not used: " + problem);
      }
    }
    if (refused > SHOWN) {
      errors.println(file + ": " + refused + " rows not used");
    }
    if (used == 0) {
      throw new SeriesFileException(
          file + (refused == 0 ? ": no row after the header" : ": no usable row"));
    }
  }

  /** Null where a row has the columns needed and none beyond the header's, unless empty. */
  private static @Nullable String misfit(List<String> row, int needed, int columns) {
    boolean isLonger = row.stream().skip(columns).anyMatch(field -> !field.isEmpty());
    return row.size() < needed || isLonger
        ? "it has " + row.size() + " columns, the header " + columns
        : null;
  }

  private static int max(int[] columns) {
    return Arrays.stream(columns).max().orElse(0);
  }

  /** Null where the row was added, else why not. */
  private @Nullable String addRow(
      List<String> row, int[] columns, int valueColumn, int countColumn, boolean isAfter) {
    double amount = CsvLine.number(row.get(valueColumn));
    if (!isUsable(amount)) {
      return shown(row.get(valueColumn)) + " is no number within 1e100";
    }
    double calls = countColumn < 0 ? 0 : CsvLine.number(row.get(countColumn));
    if (!isUsable(calls) || calls < 0) {
      return shown(row.get(countColumn)) + " is no count: a number from 0 to 1e100";
    }
    List<String> cell = new ArrayList<>(columns.length);
    for (int column : columns) {
      cell.add(row.get(column));
    }
    table.add(isAfter, cell, amount, calls);
    return null;
  }

  private static int column(String where, List<String> names, String name) throws IOException {
    int column = names.indexOf(name);
    if (column < 0) {
      throw new SeriesFileException(where + ": no column " + name + "; there are " + names);
    }
    if (names.lastIndexOf(name) != column) {
      throw new SeriesFileException(where + ": column " + name + " is there twice: " + names);
    }
    return column;
  }

  private static boolean isUsable(double number) {
    return Math.abs(number) <= LARGEST;
  }

  private static String shown(String text) {
    return "'" + (text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...") + "'";
  }
}
