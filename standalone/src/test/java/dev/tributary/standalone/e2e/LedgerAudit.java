package dev.tributary.standalone.e2e;

import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.UsageScope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The ledger read from Kafka entry by entry: its sums, and whether every line obeys the law (signs
 * sum to 0 or 1 at every moment, a retraction is a byte copy of what it retracts).
 */
final class LedgerAudit {
  /** Magic byte and schema id before the Avro binary. */
  private static final int FRAME_BYTES = 5;

  private static final int SHOWN_VIOLATIONS = 20;

  private record Booked(long revision, ByteBuffer line) {}

  private final Map<String, Booked> open = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private final Figures calls = new Figures();
  private final Figures lines = new Figures();
  private final Figures costByFeature = new Figures();
  private final Figures everything = new Figures();
  private long entries;
  private long retractions;

  private LedgerAudit() {}

  /** Reads all committed entries. */
  static LedgerAudit read(String bootstrapServers, TopicSerdes serdes) {
    LedgerAudit audit = new LedgerAudit();
    Deserializer<LedgerEntry> decode = serdes.value(Topics.LEDGER).deserializer();
    CommittedRecords.read(
        bootstrapServers,
        Topics.LEDGER.name(),
        record -> audit.add(record, decode.deserialize(Topics.LEDGER.name(), record.value())));
    return audit;
  }

  private void add(ConsumerRecord<byte[], byte[]> record, LedgerEntry entry) {
    entries++;
    checkLaw(record, entry);
    LedgerLine line = entry.getLine();
    int sign = entry.getSign();
    boolean isTrace = line.getItem().equals("trace");
    lines.add(isTrace ? "trace lines" : "span lines", sign);
    addUsage(everything, line, sign);
    everything.add("calls", (long) sign * line.getCalls());
    if (isModelCall(line)) {
      calls.add("calls", sign);
      calls.add("failed", line.getError() ? sign : 0);
      addUsage(calls, line, sign);
      @Nullable String feature = line.getAttribution().getFeature().getValue();
      costByFeature.add(feature == null ? "unattributed" : feature, cost(line, sign));
    }
  }

  private void checkLaw(ConsumerRecord<byte[], byte[]> record, LedgerEntry entry) {
    LedgerLine line = entry.getLine();
    String key =
        String.join("|", line.getTenant(), line.getKind().name(), line.getSource(), line.getItem());
    ByteBuffer bytes = lineBytes(record.value());
    @Nullable Booked booked = open.get(key);
    if (entry.getSign() == 1) {
      if (booked != null) {
        violate(record, key, "is booked twice");
      }
      open.put(key, new Booked(entry.getRevision(), bytes));
      return;
    }
    retractions++;
    if (entry.getSign() != -1) {
      violate(record, key, "has sign " + entry.getSign());
    } else if (booked == null) {
      violate(record, key, "is retracted without being booked");
    } else if (booked.revision() != entry.getRevision() || !booked.line().equals(bytes)) {
      violate(record, key, "is retracted by another line than the booked one");
    }
    open.remove(key);
  }

  private void violate(ConsumerRecord<byte[], byte[]> record, String key, String what) {
    if (violations.size() < SHOWN_VIOLATIONS) {
      violations.add(
          "law: line %s %s at partition %d offset %d"
              .formatted(key, what, record.partition(), record.offset()));
    }
  }

  /** The line's own bytes: the record's last field, after the five that an entry adds. */
  private static ByteBuffer lineBytes(byte[] value) {
    ByteArrayInputStream in =
        new ByteArrayInputStream(value, FRAME_BYTES, value.length - FRAME_BYTES);
    BinaryDecoder decoder = DecoderFactory.get().directBinaryDecoder(in, null);
    try {
      decoder.readInt();
      decoder.readLong();
      decoder.readEnum();
      if (decoder.readIndex() == 1) {
        decoder.readString();
      }
      decoder.readLong();
    } catch (IOException e) {
      throw new UncheckedIOException("an entry of the ledger ends early", e);
    }
    return ByteBuffer.wrap(in.readAllBytes());
  }

  /** What the simulator counts as a call. */
  private static boolean isModelCall(LedgerLine line) {
    return (line.getSpanKind() == SpanKind.LLM || line.getSpanKind() == SpanKind.EMBEDDING)
        && line.getUsageScope() != UsageScope.AGGREGATE;
  }

  private static void addUsage(Figures figures, LedgerLine line, int sign) {
    @Nullable TokenUsage usage = line.getUsage();
    if (usage != null) {
      figures.add("uncached", signed(sign, usage.getInputUncached()));
      figures.add("cache read", signed(sign, usage.getCacheRead()));
      figures.add(
          "cache write",
          signed(sign, usage.getCacheWrite5m()) + signed(sign, usage.getCacheWrite1h()));
      figures.add("text", signed(sign, usage.getOutputText()));
      figures.add("reasoning", signed(sign, usage.getReasoning()));
    }
    figures.add("cost", cost(line, sign));
  }

  private static long signed(int sign, @Nullable Long count) {
    return count == null ? 0 : sign * count;
  }

  private static BigDecimal cost(LedgerLine line, int sign) {
    @Nullable BigDecimal cost = line.getCost();
    return cost == null ? BigDecimal.ZERO : cost.multiply(BigDecimal.valueOf(sign));
  }

  /** Sums over model calls, named as in the simulator's books. */
  Figures calls() {
    return calls;
  }

  /** Sums over all lines, for windows that hold every line. */
  Figures everything() {
    return everything;
  }

  /** Cost of model calls by feature. */
  Figures costByFeature() {
    return costByFeature;
  }

  /** Net lines, spans and traces apart. */
  Figures lines() {
    return lines;
  }

  /** What breaks the law; the first twenty. */
  List<String> violations() {
    return violations;
  }

  @Override
  public String toString() {
    return "%,d entries, %,d of them retractions; %s".formatted(entries, retractions, calls);
  }
}
