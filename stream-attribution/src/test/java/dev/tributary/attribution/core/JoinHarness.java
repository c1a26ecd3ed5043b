package dev.tributary.attribution.core;

import dev.tributary.attribution.LedgerLaw;
import dev.tributary.attribution.SchemaCodec;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pure join over stores on the heap; {@link #crash} forgets everything that is not in them. */
public final class JoinHarness implements JoinOutput {
  public final MemoryStore spans = new MemoryStore();
  public final MemoryStore lines = new MemoryStore();
  public final MemoryStore traces = new MemoryStore();
  public final MemoryStore deadlines = new MemoryStore();
  public final MemoryStore stubs = new MemoryStore();
  public final MemoryStore runs = new MemoryStore();
  public final LedgerLaw ledger = new LedgerLaw();
  public final List<TraceSummary> summaries = new ArrayList<>();
  public final List<Span> rejected = new ArrayList<>();
  public final List<String> rejections = new ArrayList<>();
  public final List<@Nullable BigDecimal> wouldBeCosts = new ArrayList<>();
  public final Map<String, TraceSummary> sessions = new java.util.TreeMap<>();
  public final Map<JoinEvent, Long> events = new EnumMap<>(JoinEvent.class);
  public final List<String> signals = new ArrayList<>();
  public final Map<String, Signal> signalled = new java.util.TreeMap<>();
  public final Map<String, ServiceCoverage> coverage = new java.util.TreeMap<>();
  public final List<LedgerEntry> entries = new ArrayList<>();

  private final JoinTimes times;
  private final JoinLimits limits;
  private final References references;
  private final SchemaCodec codec = new SchemaCodec();
  private TraceJoin join;
  private long clockUs = TestSpans.T0;

  public JoinHarness(JoinTimes times, JoinLimits limits, References references) {
    this.times = times;
    this.limits = limits;
    this.references = references;
    this.join = newJoin();
  }

  private TraceJoin newJoin() {
    return new TraceJoin(
        times,
        limits,
        new JoinStores(spans, lines, traces, deadlines, stubs),
        this,
        references,
        codec);
  }

  /** Starts again from the stores. */
  public void crash() {
    join = newJoin();
  }

  public void send(Span span) {
    join.onSpan(span, codec.encode(span), clockUs);
  }

  public void send(List<Span> all) {
    all.forEach(this::send);
  }

  public @Nullable RejectReason send(Correction command) {
    String key = Keys.trace(command.getTenant(), command.getSource());
    return join.corrections().apply(key, command, new CorrectionRuns(runs), clockUs);
  }

  /** Moves the clock and does what is due. */
  public void advance(long us) {
    clockUs += us;
    join.onClock(clockUs);
  }

  public long clockUs() {
    return clockUs;
  }

  public long count(JoinEvent event) {
    return events.getOrDefault(event, 0L);
  }

  @Override
  public void entry(SignedLine line) {
    LedgerEntry entry =
        new LedgerEntry(
            line.sign(),
            line.revision(),
            line.cause(),
            line.runId(),
            clockUs,
            line.serviceVersion(),
            codec.decodeLine(line.line()));
    entries.add(entry);
    ledger.acceptLine(entry, line.line());
  }

  @Override
  public void trace(TraceSummary summary) {
    summaries.add(summary);
  }

  @Override
  public void session(String sessionKey, TraceSummary summary) {
    sessions.put(sessionKey + " " + summary.getTraceId(), summary);
  }

  @Override
  public void rejected(
      RejectReason reason, String detail, Span span, @Nullable BigDecimal wouldBeCost) {
    rejected.add(span);
    rejections.add(detail);
    wouldBeCosts.add(wouldBeCost);
  }

  @Override
  public void signal(String key, @Nullable Signal signal) {
    signals.add(key + " " + (signal == null ? "gone" : signal.getSeverity()));
    if (signal == null) {
      signalled.remove(key);
    } else {
      signalled.put(key, signal);
    }
  }

  @Override
  public void coverage(Collection<ServiceCoverage> services) {
    services.forEach(service -> coverage.put(service.service(), service));
  }

  @Override
  public void count(JoinEvent event, long count) {
    events.merge(event, count, Long::sum);
  }
}
