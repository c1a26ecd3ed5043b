package dev.tributary.standalone.text;

import java.util.ArrayList;
import java.util.List;

/** Text in columns: the first ones to the left, numbers to the right. */
public final class Table {
  private final int textColumns;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with this many columns of text, which come first. */
  public Table(int textColumns, List<String> header) {
    this.textColumns = textColumns;
    rows.add(header);
  }

  /** Adds a row; as many cells as the header. */
  public void row(List<String> cells) {
    rows.add(cells);
  }

  /** All rows, the header first, each ended by a line feed. */
  @Override
  public String toString() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append("  ").append(i < textColumns ? row.get(i) + pad : pad + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
