package dev.tributary.sink.clickhouse;

/** ClickHouse refuses a block for what it holds: trying again gives the same answer. */
final class BlockRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  BlockRefusedException(String table, int code, Throwable cause) {
    super("table " + table + " refuses the block: code " + code, cause);
    this.code = code;
  }

  /** ClickHouse's error code. */
  int code() {
    return code;
  }
}
