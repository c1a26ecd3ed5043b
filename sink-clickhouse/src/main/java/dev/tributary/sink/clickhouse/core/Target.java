package dev.tributary.sink.clickhouse.core;

import java.util.Map;

/**
 * Where the parts of a record go: a tree over the record's fields, with columns at its leaves.
 * Fields that nothing wants are skipped; what the writer's schema does not have is absent.
 */
sealed interface Target {
  /** A scalar into a column. */
  record Leaf(int column) implements Target {}

  /** A record's wanted fields by name. */
  record Fields(Map<String, Target> byName) implements Target {}

  /** An array: one set of ends, and the items' columns. */
  record Items(int offsets, Target item) implements Target {}

  /** A map: ends, keys, and the values' columns. */
  record Entries(int offsets, int key, Target value) implements Target {}

  /** A record of nullable texts (and maps of text) as one map of those that are there. */
  record FieldsAsMap(int offsets, int key, int value) implements Target {}

  /** A union of records, each with rows of its own; records that are not named give no row. */
  record Branches(Map<String, Branch> byFullName) implements Target {}

  /** A record of a union and the rows it goes to. */
  record Branch(int rows, Target record) {}
}
