package dev.tributary.attribution;

import dev.tributary.attribution.core.RecordCodec;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Plain Avro bytes of the records in the join's stores. One instance belongs to one thread: buffers
 * and coders are used again for every record.
 */
public final class SchemaCodec implements RecordCodec {
  private final Coder<Span> spans = new Coder<>(Span.getClassSchema(), new Span());
  private final Coder<LedgerLine> lines =
      new Coder<>(LedgerLine.getClassSchema(), new LedgerLine());
  private final @Nullable LineEncoder lineEncoder =
      LineEncoder.isCurrent() ? new LineEncoder() : null;
  private final Coder<TraceSummary> summaries =
      new Coder<>(TraceSummary.getClassSchema(), new TraceSummary());

  @Override
  public byte[] encode(Span span) {
    return spans.encode(span);
  }

  @Override
  public Span decodeSpan(byte[] bytes) {
    return spans.decode(bytes);
  }

  @Override
  public byte[] encode(LedgerLine line) {
    return lineEncoder == null ? lines.encode(line) : lineEncoder.encode(line);
  }

  @Override
  public byte[] encode(TraceSummary summary) {
    return summaries.encode(summary);
  }

  @Override
  public LedgerLine decodeLine(byte[] bytes) {
    return lines.decode(bytes);
  }

  private static final class Coder<T extends SpecificRecordBase> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final DatumWriter<T> writer;
    private final DatumReader<T> reader;
    private @Nullable BinaryEncoder encoder;
    private @Nullable BinaryDecoder decoder;

    @SuppressWarnings("unchecked") // a model makes readers and writers of its own records
    Coder(Schema schema, T any) {
      SpecificData model = any.getSpecificData();
      writer = (DatumWriter<T>) model.createDatumWriter(schema);
      reader = (DatumReader<T>) model.createDatumReader(schema);
    }

    byte[] encode(T record) {
      try {
        bytes.reset();
        encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
        writer.write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException("an array in memory refused bytes", e);
      }
    }

    @SuppressWarnings("NullAway") // null asks the reader for a new record
    T decode(byte[] stored) {
      try {
        decoder = DecoderFactory.get().binaryDecoder(stored, decoder);
        return reader.read(null, decoder);
      } catch (IOException e) {
        throw new UncheckedIOException("stored bytes are not what was written", e);
      }
    }
  }
}
