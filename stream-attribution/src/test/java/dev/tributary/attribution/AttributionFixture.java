package dev.tributary.attribution;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.SessionSummary;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.TestInputTopic;

/** The topology with named pipes. */
final class AttributionFixture implements AutoCloseable {
  private final TopologyFixture topology;
  private final TestInputTopic<String, Span> spans;
  private final TestInputTopic<String, Correction> corrections;
  private final TestInputTopic<String, Reference> references;
  final LedgerLaw ledger = new LedgerLaw();

  AttributionFixture(Map<String, String> settings) {
    topology = TopologyFixture.of(AttributionMain.APP, settings);
    spans = topology.input(Topics.SPANS);
    corrections = topology.input(Topics.CORRECTIONS);
    references = topology.input(Topics.REF);
  }

  static AttributionFixture withPrices() {
    return withPrices(Map.of());
  }

  static AttributionFixture withPrices(Map<String, String> settings) {
    AttributionFixture fixture = new AttributionFixture(settings);
    fixture.load(TestReference.first());
    return fixture;
  }

  void load(TestReference reference) {
    reference.all().forEach((key, value) -> references.pipeInput(key, value));
  }

  void send(Span... all) {
    for (Span span : all) {
      spans.pipeInput(Keys.trace(span.getTenant(), span.getTraceId()), span);
    }
  }

  void send(Correction command) {
    corrections.pipeInput(Keys.trace(command.getTenant(), command.getSource()), command);
  }

  void advance(Duration by) {
    topology.pass(by);
  }

  /** Lets the clock run on until everything that is open has closed. */
  void closeAll() {
    advance(Duration.ofSeconds(11));
    advance(Duration.ofSeconds(70));
  }

  /** New entries, checked against the law. */
  List<LedgerEntry> entries() {
    Deserializer<LedgerEntry> reader = topology.serdes().value(Topics.LEDGER).deserializer();
    List<LedgerEntry> entries = new ArrayList<>();
    for (byte[] record : topology.rawOutput(Topics.LEDGER).readValuesToList()) {
      LedgerEntry entry = reader.deserialize(Topics.LEDGER.name(), record);
      ledger.accept(entry, record);
      entries.add(entry);
    }
    return entries;
  }

  List<TraceSummary> traces() {
    return topology.values(Topics.TRACES);
  }

  List<SessionSummary> sessions() {
    return topology.values(Topics.SESSIONS);
  }

  List<Rejected> rejected() {
    return topology.values(Topics.REJECTED);
  }

  TopologyFixture topology() {
    return topology;
  }

  @Override
  public void close() {
    topology.close();
  }
}
