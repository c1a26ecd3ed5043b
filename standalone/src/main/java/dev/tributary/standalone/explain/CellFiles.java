package dev.tributary.standalone.explain;

import dev.tributary.anomaly.core.explain.CellTable;
import dev.tributary.standalone.backtest.CsvLine;
import dev.tributary.standalone.backtest.SeriesFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads cells before and after: a header row, then a row per combination of dimension values. */
public final class CellFiles {
  private static final int SHOWN = 5;
  private static final double LARGEST = 1e100;

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
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String header = reader.readLine();
      if (header == null) {
        throw new SeriesFileException(file + ": empty; a header row is needed");
      }
      String text = header.startsWith("\uFEFF") ? header.substring(1) : header;
      char separator = CsvLine.separatorOf(text);
      List<String> names = CsvLine.split(text, separator);
      int[] columns = columns(file, names);
      int valueColumn = column(file, names, value);
      int countColumn = count == null ? -1 : column(file, names, count);
      long used = 0;
      long refused = 0;
      long number = 1;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        String problem =
            addRow(CsvLine.split(line, separator), columns, valueColumn, countColumn, isAfter);
        if (problem == null) {
          used++;
        } else if (++refused <= SHOWN) {
          errors.println(file + ", line " + number + ": row not used: " + problem);
        }
      }
      if (refused > SHOWN) {
        errors.println(file + ": " + refused + " rows not used");
      }
      if (used == 0) {
        throw new SeriesFileException(file + ": no usable row");
      }
    }
  }

  /** Null where the row was added, else why not. */
  private @Nullable String addRow(
      List<String> fields, int[] columns, int valueColumn, int countColumn, boolean isAfter) {
    int last = Math.max(valueColumn, countColumn);
    List<String> cell = new ArrayList<>(columns.length);
    for (int column : columns) {
      last = Math.max(last, column);
      if (column < fields.size()) {
        cell.add(fields.get(column));
      }
    }
    if (fields.size() <= last) {
      return "it has " + fields.size() + " columns";
    }
    double amount = number(fields.get(valueColumn));
    double calls = countColumn < 0 ? 0 : number(fields.get(countColumn));
    if (!isUsable(amount) || !isUsable(calls)) {
      return "'"
          + fields.get(isUsable(amount) ? countColumn : valueColumn)
          + "' is no number within 1e100";
    }
    table.add(isAfter, cell, amount, calls);
    return null;
  }

  private int[] columns(Path file, List<String> names) throws IOException {
    int[] columns = new int[dimensions.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(file, names, dimensions.get(i));
    }
    return columns;
  }

  private static int column(Path file, List<String> names, String name) throws IOException {
    int column = names.indexOf(name);
    if (column < 0) {
      throw new SeriesFileException(file + ", line 1: no column " + name + "; there are " + names);
    }
    return column;
  }

  private static boolean isUsable(double number) {
    return Math.abs(number) <= LARGEST;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
