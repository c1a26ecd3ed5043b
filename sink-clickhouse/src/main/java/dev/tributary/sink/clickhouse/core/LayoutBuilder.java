package dev.tributary.sink.clickhouse.core;

import dev.tributary.sink.clickhouse.core.TopicLayout.ColumnSpec;
import dev.tributary.sink.clickhouse.core.TopicLayout.EqualLengths;
import dev.tributary.sink.clickhouse.core.TopicLayout.OffsetsSpec;
import dev.tributary.sink.clickhouse.core.TopicLayout.RowPosition;
import dev.tributary.sink.clickhouse.core.TopicLayout.TableSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Declares a {@link TopicLayout}. A path names fields with dots; {@code []} after a name goes into
 * the items of an array, {@code {}} into the values of a map: {@code line.cost_lines[].bucket}.
 */
final class LayoutBuilder {
  private final String topic;
  private final int version;
  private final List<ColumnSpec> columns = new ArrayList<>();
  private final List<OffsetsSpec> offsets = new ArrayList<>();
  private final List<EqualLengths> equalLengths = new ArrayList<>();
  private final List<TableSpec> tables = new ArrayList<>();
  private final List<RowPosition> positions = new ArrayList<>();
  private final List<Rows> rowSets = new ArrayList<>();

  LayoutBuilder(String topic, int version) {
    this.topic = topic;
    this.version = version;
  }

  /** Rows made of whole records. */
  Rows rows() {
    Rows rows = new Rows(rowSets.size(), "");
    rowSets.add(rows);
    return rows;
  }

  /** Rows made of one record of the union in field {@code body}. */
  Rows rowsOfBody(String fullName) {
    Rows rows = new Rows(rowSets.size(), fullName);
    rowSets.add(rows);
    return rows;
  }

  TopicLayout build() {
    Target target;
    if (rowSets.get(0).record.isEmpty()) {
      target = rowSets.get(0).target();
    } else {
      Map<String, Target.Branch> branches = new HashMap<>();
      rowSets.forEach(
          rows -> branches.put(rows.record, new Target.Branch(rows.index, rows.target())));
      target = new Target.Fields(Map.of("body", new Target.Branches(Map.copyOf(branches))));
    }
    return new TopicLayout(
        topic, version, columns, offsets, equalLengths, tables, positions, target);
  }

  private int column(ColumnType type, String absentText, int rows, int inside) {
    columns.add(new ColumnSpec(type, absentText, rows, inside));
    return columns.size() - 1;
  }

  private int offsets(int rows, int inside) {
    offsets.add(new OffsetsSpec(rows, inside));
    return offsets.size() - 1;
  }

  /** The columns of one kind of row, and the tables they go to. */
  final class Rows {
    private final int index;
    private final String record;
    private final Node root = new Node();
    private final List<WireColumn> wire = new ArrayList<>();

    Rows(int index, String record) {
      this.index = index;
      this.record = record;
    }

    private Target target() {
      return root.target();
    }

    Rows scalar(String name, ColumnType type, String path) {
      return scalar(name, type, path, "");
    }

    /** A scalar with a text that stands for "no value" in a column that is not nullable. */
    Rows scalar(String name, ColumnType type, String path, String absentText) {
      int column = leaf(path, type, absentText);
      return add(name, type.sqlName(), new WireColumn.Segment.Values(column));
    }

    /** Items of an array, or one field of them: {@code a[]} or {@code a[].b}. */
    Rows array(String name, ColumnType type, String path) {
      int column = leaf(path, type, "");
      int ends = columns.get(column).inside();
      return add(
          name,
          "Array(" + type.sqlName() + ")",
          new WireColumn.Segment.Ends(ends),
          new WireColumn.Segment.Values(column));
    }

    /** A map of text to scalars, or to one field of its records: {@code m{}} or {@code m{}.b}. */
    Rows map(String name, ColumnType type, String path) {
      int column = leaf(path, type, "");
      int ends = columns.get(column).inside();
      return add(
          name,
          "Map(String, " + type.sqlName() + ")",
          new WireColumn.Segment.Ends(ends),
          new WireColumn.Segment.Values(root.at(path.substring(0, path.indexOf("{}"))).key),
          new WireColumn.Segment.Values(column));
    }

    /** A map of text inside each item of an array: {@code a[].m{}}. */
    Rows arrayOfMaps(String name, ColumnType type, String path) {
      int column = leaf(path, type, "");
      int inner = columns.get(column).inside();
      int outer = offsets.get(inner).inside();
      return add(
          name,
          "Array(Map(String, " + type.sqlName() + "))",
          new WireColumn.Segment.Ends(outer),
          new WireColumn.Segment.Ends(inner),
          new WireColumn.Segment.Values(root.at(path.substring(0, path.indexOf("{}"))).key),
          new WireColumn.Segment.Values(column));
    }

    /** A record of nullable texts as a map of those that are there. */
    Rows fieldsAsMap(String name, String path) {
      Node node = node(path);
      node.offsets = offsets(index, -1);
      node.key = column(ColumnType.TEXT, "", index, node.offsets);
      node.value = column(ColumnType.TEXT, "", index, node.offsets);
      return add(
          name,
          "Map(String, String)",
          new WireColumn.Segment.Ends(node.offsets),
          new WireColumn.Segment.Values(node.key),
          new WireColumn.Segment.Values(node.value));
    }

    /** An array of records as a map from one of their fields to another. */
    Rows keyedItems(String name, String keyPath, ColumnType type, String valuePath) {
      int key = leaf(keyPath, ColumnType.TEXT, "");
      int value = leaf(valuePath, type, "");
      return add(
          name,
          "Map(String, " + type.sqlName() + ")",
          new WireColumn.Segment.Ends(columns.get(key).inside()),
          new WireColumn.Segment.Values(key),
          new WireColumn.Segment.Values(value));
    }

    /** An array of records as a map from a text to a map of index to count. */
    Rows keyedHistograms(String name, String keyPath, String indexPath, String countPath) {
      int key = leaf(keyPath, ColumnType.TEXT, "");
      int bucket = leaf(indexPath, ColumnType.INT32, "");
      int count = leaf(countPath, ColumnType.INT64, "");
      int buckets = columns.get(bucket).inside();
      equalLengths.add(new EqualLengths(buckets, columns.get(count).inside()));
      return add(
          name,
          "Map(String, Map(Int32, Int64))",
          new WireColumn.Segment.Ends(columns.get(key).inside()),
          new WireColumn.Segment.Values(key),
          new WireColumn.Segment.Ends(buckets),
          new WireColumn.Segment.Values(bucket),
          new WireColumn.Segment.Values(count));
    }

    /** The record's own partition and offset. */
    Rows position() {
      int partition = column(ColumnType.INT32, "", index, -1);
      int offset = column(ColumnType.INT64, "", index, -1);
      positions.add(new RowPosition(partition, offset));
      add("kafka_partition", ColumnType.INT32.sqlName(), new WireColumn.Segment.Values(partition));
      return add("kafka_offset", ColumnType.INT64.sqlName(), new WireColumn.Segment.Values(offset));
    }

    /** A table with all columns declared so far. */
    Rows table(String table) {
      tables.add(new TableSpec(table, index, List.copyOf(wire)));
      return this;
    }

    /** A table with some of the columns. */
    Rows table(String table, List<String> names) {
      Map<String, WireColumn> byName = new LinkedHashMap<>();
      wire.forEach(column -> byName.put(column.name(), column));
      List<WireColumn> chosen = new ArrayList<>();
      for (String name : names) {
        WireColumn column = byName.get(name);
        if (column == null) {
          throw new IllegalArgumentException(table + " has a column nobody declared: " + name);
        }
        chosen.add(column);
      }
      tables.add(new TableSpec(table, index, chosen));
      return this;
    }

    private Rows add(String name, String type, WireColumn.Segment... segments) {
      wire.add(new WireColumn(name, type, List.of(segments)));
      return this;
    }

    private int leaf(String path, ColumnType type, String absentText) {
      Node node = node(path);
      if (node.value < 0) {
        node.value = column(type, absentText, index, node.inside);
      }
      return node.value;
    }

    private Node node(String path) {
      Node node = root;
      for (String part : path.split("\\.")) {
        node = step(node, part);
      }
      return node;
    }

    private Node step(Node from, String part) {
      boolean isArray = part.endsWith("[]");
      boolean isMap = part.endsWith("{}");
      String name = isArray || isMap ? part.substring(0, part.length() - 2) : part;
      Node field = from.children.computeIfAbsent(name, n -> new Node(from.inside));
      if (!isArray && !isMap) {
        return field;
      }
      if (field.item == null) {
        field.offsets = offsets(index, from.inside);
        field.item = new Node(field.offsets);
        field.key = isMap ? column(ColumnType.TEXT, "", index, field.offsets) : -1;
      }
      return field.item;
    }
  }

  /** A place in a record while the layout is being declared. */
  private static final class Node {
    private final Map<String, Node> children = new LinkedHashMap<>();
    private final int inside;
    private int value = -1;
    private int offsets = -1;
    private int key = -1;
    private @Nullable Node item;

    Node() {
      this(-1);
    }

    Node(int inside) {
      this.inside = inside;
    }

    /** The node of a path without items, or whose items are the last step. */
    Node at(String path) {
      Node node = this;
      for (String part : path.split("\\.")) {
        boolean isArray = part.endsWith("[]");
        Node next = node.children.get(isArray ? part.substring(0, part.length() - 2) : part);
        if (next != null && isArray) {
          next = next.item;
        }
        if (next == null) {
          throw new IllegalArgumentException("nothing declared at " + path);
        }
        node = next;
      }
      return node;
    }

    Target target() {
      if (item != null) {
        return key >= 0
            ? new Target.Entries(offsets, key, item.target())
            : new Target.Items(offsets, item.target());
      }
      if (offsets >= 0) {
        return new Target.FieldsAsMap(offsets, key, value);
      }
      if (value >= 0) {
        return new Target.Leaf(value);
      }
      Map<String, Target> fields = new LinkedHashMap<>();
      children.forEach((name, child) -> fields.put(name, child.target()));
      return new Target.Fields(Collections.unmodifiableMap(fields));
    }
  }
}
