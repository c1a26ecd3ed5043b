package dev.tributary.standalone.prices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.core.Booking;
import dev.tributary.attribution.core.OfflineJoin;
import dev.tributary.attribution.core.OwnershipRules;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.cost.core.CellKey;
import dev.tributary.cost.core.CombinedPart;
import dev.tributary.cost.core.EntryCells;
import dev.tributary.cost.core.GroupingSet;
import dev.tributary.cost.core.Windows;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.RateCard;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Tags;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageQuality;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The mistakes of {@link KnownBugsTest} that only a ledger can make or avoid. */
class KnownLedgerBugsTest {
  private static final String WRITER = "writer-1.5";
  private static final Instant NOW = Instant.parse("2026-11-12T12:00:00Z");
  private static final Catalogue CATALOGUE =
      Catalogue.of(
          "v1",
          List.of(
              RateCard.builder("acme", WRITER)
                  .rate(Bucket.INPUT_UNCACHED, "4")
                  .rate(Bucket.OUTPUT_TEXT, "20")
                  .build()));

  @Test
  void bug15_estimates_areNeverBilledAsReported() {
    Span estimated = call(1, 0, 100, 10).setUsageQuality(UsageQuality.ESTIMATED).build();
    Span reported = call(2, 0, 1_000, 100).build();

    Measures window = window(book(List.of(estimated, reported)));

    assertThat(window.getCost()).isEqualByComparingTo("0.006");
    assertThat(window.getCostEstimated()).isEqualByComparingTo("0.0006");
    assertThat(window.getEstimatedCalls()).isEqualTo(1);
    assertThat(window.getTokens().getInputUncached()).isEqualTo(1_000);
    assertThat(window.getTokensEstimated().getInputUncached()).isEqualTo(100);
  }

  /** What a provider reported for the whole is the bill, not what a tool guessed for its parts. */
  @Test
  void bug15_estimatedParts_doNotReplaceAReportedWhole() {
    Span whole = call(1, 0, 1_000, 100).setKind(SpanKind.AGENT).build();
    Span guess = call(2, 1, 700, 70).setUsageQuality(UsageQuality.ESTIMATED).build();

    Measures window = window(book(List.of(whole, guess)));

    assertThat(window.getCost()).isEqualByComparingTo("0.006");
    assertThat(window.getCostEstimated()).isEqualByComparingTo("0");
  }

  private static Measures window(List<LedgerLine> lines) {
    EntryCells cells = new EntryCells(GroupingSet.DEFAULTS);
    CombinedPart part = new CombinedPart();
    for (LedgerLine line : lines) {
      cells.read(new LedgerEntry(1, 1L, EntryCause.INITIAL, null, 0L, null, line));
      if (cells.enters(0)) {
        cells.contribution(0).addTo(part);
      }
    }
    CellKey key = cells.key(0);
    return Windows.toRecord(key.recordKey(), key.startUs(), 1, false, part.sums()).getMeasures();
  }

  @Test
  void bug16_parentAndChildUsage_isCountedOnce() {
    Span parent = call(1, 0, 300, 30).setKind(SpanKind.AGENT).build();

    assertThat(
            total(book(List.of(parent, call(2, 1, 100, 10).build(), call(3, 1, 200, 20).build()))))
        .isEqualByComparingTo(total(book(List.of(call(1, 0, 300, 30).build()))));
  }

  @Test
  void bug17_replayAndRetry_addNothing() {
    List<Span> once = List.of(call(1, 0, 100, 10).build(), call(2, 1, 200, 20).build());
    List<Span> twice = new ArrayList<>(once);
    twice.addAll(once);

    assertThat(total(book(twice))).isEqualByComparingTo(total(book(once)));
    assertThat(book(twice)).hasSameSizeAs(book(once));
    // A proxy tells of the answer that the SDK told of: one answer, whatever the spans are called.
    List<Span> seenTwice =
        List.of(
            call(1, 0, 100, 10).setResponseId("resp-1").build(),
            call(2, 1, 100, 10).setResponseId("resp-1").build(),
            call(3, 0, 100, 10).setResponseId("resp-1").build());
    assertThat(total(book(seenTwice))).isEqualByComparingTo("0.0006");
  }

  @Test
  void bug23_permutedSpans_giveTheSameLines() {
    long seed = Long.getLong("tributary.seed", 23);
    Random random = new Random(seed);
    List<Span> spans = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      int parent = random.nextInt(i);
      spans.add(call(i, parent, random.nextInt(5_000), random.nextInt(900)).build());
      if (i % 5 == 0) {
        // The same span once more with other counts: one of them is the truth, whichever came last.
        spans.add(call(i, parent, random.nextInt(5_000), random.nextInt(900)).build());
      }
    }
    Map<String, BigDecimal> expected = costs(book(spans));
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(spans, random);
      assertThat(costs(book(spans))).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
  }

  private static Map<String, BigDecimal> costs(List<LedgerLine> lines) {
    Map<String, BigDecimal> costs = new HashMap<>();
    for (LedgerLine line : lines) {
      if (line.getCost() != null) {
        costs.put(line.getItem(), line.getCost());
      }
    }
    assertThat(costs).isNotEmpty();
    return costs;
  }

  private List<LedgerLine> book(List<Span> spans) {
    ReferenceView view = new ReferenceView(1, CATALOGUE, OwnershipRules.NONE, List.of());
    OfflineJoin join = new OfflineJoin(view, KnownLedgerBugsTest::bytes);
    spans.forEach(join::add);
    List<LedgerLine> lines = new ArrayList<>();
    for (Booking booking : join.book()) {
      for (int i = 0; i < booking.size(); i++) {
        lines.add(booking.line(i));
      }
    }
    return lines;
  }

  private BigDecimal total(List<LedgerLine> lines) {
    BigDecimal total = BigDecimal.ZERO;
    for (LedgerLine line : lines) {
      total = line.getCost() == null ? total : total.add(line.getCost());
    }
    assertThat(total).isPositive();
    return total;
  }

  private static Span.Builder call(long number, long parent, long input, long output) {
    long end = NOW.getEpochSecond() * 1_000_000 + number * 1_000;
    return Span.newBuilder()
        .setTenant("default")
        .setTraceId("0af7651916cd43dd8448eb211c80319c")
        .setSpanId(String.format("%016x", number))
        .setParentSpanId(parent == 0 ? null : String.format("%016x", parent))
        .setStartTimeUs(end - 500)
        .setEndTimeUs(end)
        .setServiceName("shop-api")
        .setKind(SpanKind.LLM)
        .setTags(Tags.newBuilder().build())
        .setResourceTags(Tags.newBuilder().build())
        .setDialect("test")
        .setSurface("acme")
        .setModelReturned(WRITER)
        .setUsage(TokenUsage.newBuilder().setInputUncached(input).setOutputText(output).build())
        .setUsageQuality(UsageQuality.REPORTED);
  }

  private static byte[] bytes(Span span) {
    try {
      ByteBuffer encoded = span.toByteBuffer();
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
