package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.core.Book;
import dev.tributary.attribution.core.BookOptions;
import dev.tributary.attribution.core.RandomTrace;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.attribution.core.SignedLine;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.UnitUsage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

/** What is written by hand is what Avro writes. */
class EncodingTest {
  private final SchemaCodec codec = new SchemaCodec();

  @Test
  void lineEncoder_isWrittenForTheSchema() {
    assertThat(LineEncoder.isCurrent())
        .as("LedgerLine has changed: bring LineEncoder and its fingerprint in line")
        .isTrue();
  }

  @Test
  void line_equalsAvrosOwnBytes() {
    long seed = Seeds.one();
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          ReferenceView view = TestReference.first().index().view(1);
          RandomTrace trace = new RandomTrace(random, 1, 500);
          Book.book(trace.distinct(), view, BookOptions.closed(view))
              .forEachLine(
                  line -> {
                    fillIn(line, random);
                    assertThat(new LineEncoder().encode(line)).isEqualTo(generic(line));
                  });
        });
  }

  private static void fillIn(LedgerLine line, Random random) {
    if (random.nextBoolean()) {
      line.setSamplingProbability(random.nextDouble());
      line.setRetrieval(new Retrieval("docs", 5, 0, 0.25, random.nextDouble(), null, 77L));
      line.setStream(random.nextBoolean());
      line.setTtftUs(random.nextLong());
      line.setHttpStatus(-429);
      line.setErrorType("Überlauf");
    }
    if (line.getUsage() != null && random.nextBoolean()) {
      line.getUsage().setUnits(new UnitUsage(random.nextLong(), null, 3L, 0L, null, 1L << 40));
    }
  }

  private static byte[] generic(LedgerLine line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new SpecificDatumWriter<>(LedgerLine.class).write(line, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Test
  void entry_equalsTheConfiguredSerializers() {
    try (TopicSerdes serdes = TopicSerdes.inMemory()) {
      Serde<LedgerEntry> configured = serdes.value(Topics.LEDGER);
      LedgerEntrySerializer own = new LedgerEntrySerializer(configured.serializer());
      for (String run : new String[] {null, "run-7", null}) {
        SignedEntry entry = entry(run);
        byte[] written = own.serialize(Topics.LEDGER.name(), entry);
        LedgerEntry read = configured.deserializer().deserialize(Topics.LEDGER.name(), written);
        assertThat(configured.serializer().serialize(Topics.LEDGER.name(), read))
            .isEqualTo(written);
        assertThat(read.getRunId()).isEqualTo(run);
        assertThat(read.getSign()).isEqualTo(-1);
      }
    }
  }

  /** Several tags of one's own are a map, and a map has no order once it is decoded. */
  @Test
  void entry_keepsTheBytesOfItsLine_fromTheFirstOn() {
    LedgerLine line = codec.decodeLine(entry(null).line().line());
    java.util.Map<String, dev.tributary.schemas.ResolvedTag> custom =
        new java.util.TreeMap<>(java.util.Comparator.reverseOrder());
    for (String name : new String[] {"plan", "shard", "tier", "zone", "cell"}) {
      custom.put(
          name, new dev.tributary.schemas.ResolvedTag("x", dev.tributary.schemas.Provenance.OWN));
    }
    line.getAttribution().setCustom(custom);
    byte[] bytes = generic(line); // as an earlier version may have booked it
    byte[] canonical = codec.encode(line);
    assertThat(canonical).isNotEqualTo(bytes);
    assertThat(codec.encode(codec.decodeLine(bytes))).as("one encoding").isEqualTo(canonical);
    try (TopicSerdes serdes = TopicSerdes.inMemory()) {
      LedgerEntrySerializer own =
          new LedgerEntrySerializer(serdes.value(Topics.LEDGER).serializer());
      for (int i = 0; i < 2; i++) {
        byte[] written = own.serialize(Topics.LEDGER.name(), entry(null).withLine(bytes));
        assertThat(
                java.util.Arrays.copyOfRange(
                    written, written.length - bytes.length, written.length))
            .isEqualTo(bytes);
      }
    }
  }

  @Test
  void entry_otherFormat_isLeftToTheConfiguredSerializer() {
    Serializer<LedgerEntry> json = (topic, entry) -> entry.toString().getBytes();
    LedgerEntrySerializer own = new LedgerEntrySerializer(json);
    byte[] first = own.serialize("t", entry("run-1"));
    assertThat(own.serialize("t", entry("run-1"))).isEqualTo(first);
    assertThat(new String(first)).startsWith("{\"sign\": -1");
  }

  @Test
  void span_keepsItsOwnBytes_onlyOfOurSchema() {
    try (TopicSerdes serdes = TopicSerdes.inMemory()) {
      Serde<Span> spans = serdes.value(Topics.SPANS);
      IncomingSpanDeserializer reader =
          new IncomingSpanDeserializer(spans.deserializer(), spans.serializer());
      Span span = new RandomTrace(new Random(3), 1, 1).copies().get(0);
      byte[] record = spans.serializer().serialize(Topics.SPANS.name(), span);
      IncomingSpan own = (IncomingSpan) reader.deserialize(Topics.SPANS.name(), record);
      assertThat(own.content()).isEqualTo(codec.encode(span));

      IncomingSpanDeserializer foreign =
          new IncomingSpanDeserializer(
              spans.deserializer(), (topic, value) -> withSchemaId(record, 4711));
      IncomingSpan other = (IncomingSpan) foreign.deserialize(Topics.SPANS.name(), record);
      assertThat(other.content()).isEqualTo(codec.encode(span));
      assertThat(codec.decodeSpan(other.content()).getSpanId()).isEqualTo(span.getSpanId());
    }
  }

  private static byte[] withSchemaId(byte[] record, int id) {
    byte[] copy = record.clone();
    ByteBuffer.wrap(copy).putInt(1, id);
    return copy;
  }

  private SignedEntry entry(String run) {
    ReferenceView view = TestReference.first().index().view(1);
    RandomTrace trace = new RandomTrace(new Random(1), 1, 1);
    LedgerLine line = Book.book(trace.distinct(), view, BookOptions.closed(view)).line(0);
    return new SignedEntry(
        new SignedLine(
            "default|x",
            -1,
            300,
            EntryCause.REPRICE,
            run,
            line.getEventTimeUs(),
            "4.2.1",
            codec.encode(line)),
        1_772_359_200_000_001L);
  }
}
