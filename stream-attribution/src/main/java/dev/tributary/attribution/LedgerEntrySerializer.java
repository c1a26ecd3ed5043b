package dev.tributary.attribution;

import dev.tributary.attribution.core.RecordCodec;
import dev.tributary.attribution.core.SignedLine;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes ledger entries around the line's own bytes, so that a retraction is a byte copy of what it
 * retracts and no line is encoded twice. The line is the last field of the entry, and Avro writes a
 * record as its fields one after another.
 *
 * <p>The frame before the record (magic byte and schema id) is the configured serializer's: it is
 * asked once per topic, with the first entry, and its whole answer must be what this class writes.
 * Where it is not, as with a serializer of another format, it writes every entry itself.
 */
final class LedgerEntrySerializer implements Serializer<SignedEntry> {
  private static final byte[] OTHER_FORMAT = {};
  private static final ThreadLocal<AvroBuffer> BUFFERS = ThreadLocal.withInitial(AvroBuffer::new);

  private final Serializer<LedgerEntry> configured;
  private final ThreadLocal<RecordCodec> codec = ThreadLocal.withInitial(SchemaCodec::new);
  private final Map<String, byte[]> frames = new ConcurrentHashMap<>();

  LedgerEntrySerializer(Serializer<LedgerEntry> configured) {
    this.configured = configured;
  }

  @Override
  public byte[] serialize(String topic, SignedEntry entry) {
    byte[] frame = frames.get(topic);
    if (frame == null) {
      frame = frameOf(topic, entry);
      frames.put(topic, frame);
    }
    if (frame == OTHER_FORMAT) {
      return configured.serialize(topic, record(entry));
    }
    byte[] body = body(entry);
    byte[] framed = Arrays.copyOf(frame, frame.length + body.length);
    System.arraycopy(body, 0, framed, frame.length, body.length);
    return framed;
  }

  /** Asks with an entry whose line has no map: a decoded map may come in another order. */
  private byte[] frameOf(String topic, SignedEntry entry) {
    LedgerEntry probe = record(entry);
    probe.getLine().getAttribution().setCustom(Map.of());
    byte[] whole = configured.serialize(topic, probe);
    byte[] body = body(entry.withLine(codec.get().encode(probe.getLine())));
    int length = whole.length - body.length;
    boolean isOurs =
        length >= 0 && Arrays.equals(whole, length, whole.length, body, 0, body.length);
    return isOurs ? Arrays.copyOf(whole, length) : OTHER_FORMAT;
  }

  private static byte[] body(SignedEntry entry) {
    SignedLine line = entry.line();
    AvroBuffer out = BUFFERS.get().clear();
    out.number(line.sign());
    out.number(line.revision());
    out.symbol(line.cause());
    out.optional(line.runId());
    out.number(entry.bookedAtUs());
    out.optional(line.serviceVersion());
    out.raw(line.line());
    return out.toBytes();
  }

  private LedgerEntry record(SignedEntry entry) {
    SignedLine line = entry.line();
    EntryCause cause = line.cause();
    return new LedgerEntry(
        line.sign(),
        line.revision(),
        cause,
        line.runId(),
        entry.bookedAtUs(),
        line.serviceVersion(),
        codec.get().decodeLine(line.line()));
  }
}
