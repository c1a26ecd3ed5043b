package dev.tributary.runtime.serde;

import java.util.ArrayList;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * A generated record class with its schema and the fast settings of Avro.
 *
 * <p>Custom coders, which Avro generates for records without logical types, make both directions
 * about twice as fast; they also beat Avro's fast reader there, and records with decimals still
 * gain by their parts. The fast reader would decode a ledger entry in about a quarter less time,
 * but it only makes Avro's own lists, see {@link PlainLists}. All is set on a data model of our
 * own, so other users of Avro in the JVM are not touched.
 */
final class AvroType<V extends SpecificRecord> {

  private final Class<V> type;
  private final SpecificData model;
  private final Schema schema;
  private final String schemaText;

  AvroType(Class<V> type) {
    AvroTrust.install();
    this.type = type;
    this.model = new PlainLists(type.getClassLoader());
    SpecificData.getForClass(type).getConversions().forEach(model::addLogicalTypeConversion);
    this.model.setCustomCoders(true);
    this.schema = model.getSchema(type);
    this.schemaText = schema.toString();
  }

  /** The schema's JSON as it is registered; any other text of it could get another id. */
  String schemaText() {
    return schemaText;
  }

  String fullName() {
    return schema.getFullName();
  }

  /** A new writer, for one thread. */
  DatumWriter<V> writer() {
    return new SpecificDatumWriter<>(schema, model);
  }

  /** A new reader of data in the writer's schema, for one thread. */
  DatumReader<V> reader(Schema writerSchema) {
    return new SpecificDatumReader<>(writerSchema, schema, model);
  }

  /** True where data of the writer's schema is a version of this record. */
  boolean isVersionOf(Schema writerSchema) {
    return writerSchema.getType() == Schema.Type.RECORD
        && (writerSchema.getFullName().equals(schema.getFullName())
            || schema.getAliases().contains(writerSchema.getFullName()));
  }

  @Override
  public String toString() {
    return type.getName();
  }

  /**
   * Decodes arrays as plain lists. Avro's own list class compares its elements by Avro's rules
   * without the conversions of the record's class, so {@code equals} of two decoded records with
   * decimals in an array fails with "Unknown datum type java.math.BigDecimal" (1.12.2).
   */
  private static final class PlainLists extends SpecificData {

    PlainLists(ClassLoader loader) {
      super(loader);
    }

    @Override
    public Object newArray(Object old, int size, Schema schema) {
      return new ArrayList<>(size);
    }
  }
}
