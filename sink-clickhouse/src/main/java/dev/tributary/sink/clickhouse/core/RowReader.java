package dev.tributary.sink.clickhouse.core;

import java.util.Locale;
import org.apache.avro.Schema;

/**
 * Reads records of one writer's schema straight into columns: compiled once per schema, no objects
 * per record. Fields are matched by name; what the writer does not have is absent. Not thread-safe.
 */
public final class RowReader {
  /** The result where a record of a union belongs to no table. */
  private static final int NO_ROW = -1;

  private final AvroCursor cursor = new AvroCursor();
  private final Step root;
  private final RowChoice choice = new RowChoice();

  /** Which rows a record went to. */
  static final class RowChoice {
    private int rows;

    void set(int rowSet) {
      rows = rowSet;
    }
  }

  /** Reads one value of the writer's schema. */
  @FunctionalInterface
  interface Step {
    void read(AvroCursor in, BlockData out);
  }

  private RowReader(Schema writer, TopicLayout layout) {
    this.root = new StepCompiler(choice, layout).step(writer, layout.target());
  }

  /**
   * Compiles a reader.
   *
   * @param writerSchema the writer's Avro schema, JSON
   * @throws IllegalArgumentException where a field has a type that its column cannot hold, or an
   *     amount another scale than 18
   */
  public static RowReader compile(String writerSchema, TopicLayout layout) {
    return new RowReader(new Schema.Parser().parse(writerSchema), layout);
  }

  /**
   * Reads a record into the block.
   *
   * @param bytes the record in Avro binary encoding, from {@code from} to {@code to}
   * @param partition the record's partition
   * @param offset the record's offset
   * @return whether it made a row; false: a record that no table wants
   * @throws MalformedRecordException the bytes are not such a record; the block is as before
   */
  public boolean read(byte[] bytes, int from, int to, int partition, long offset, BlockData block) {
    cursor.reset(bytes, from, to);
    choice.set(0);
    try {
      root.read(cursor, block);
      if (!cursor.isAtEnd()) {
        throw new MalformedRecordException(
            "record goes on after its end, at byte " + cursor.position());
      }
      block.checkEqualLengths();
    } catch (MalformedRecordException e) {
      block.dropUnfinishedRow();
      throw e;
    }
    if (choice.rows == NO_ROW) {
      return false;
    }
    block.endRow(choice.rows, partition, offset);
    return true;
  }

  static int noRow() {
    return NO_ROW;
  }

  /** Name of a schema for messages. */
  static String nameOf(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> schema.getFullName();
      default -> schema.getType().name().toLowerCase(Locale.ROOT);
    };
  }
}
