package dev.tributary.sink.clickhouse;

/**
 * The records of a block, by which its rows are found in the tables.
 *
 * @param partition Kafka partition
 * @param first offset the block starts at, not necessarily a record's
 * @param last offset of its last record
 */
record BlockRange(int partition, long first, long last) {
  /** The condition on a table's rows. */
  String condition() {
    return "kafka_partition = " + partition + " AND kafka_offset BETWEEN " + first + " AND " + last;
  }
}
