package dev.tributary.cost;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceMeasures;
import dev.tributary.schemas.UsageQuality;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ledger entries for tests: named ones, and seeded random ones. */
public final class LedgerEntries {
  /** 2026-03-01T10:00:00Z, a full minute and where the test clock starts, microseconds. */
  public static final long BASE_US = TimeUnit.SECONDS.toMicros(1_772_359_200);

  private static final String[] TENANTS = {"default", "acme"};
  private static final String[] FEATURES = {"chat", "search", "a|b=c%d", "résumé", null};
  private static final String[] MODELS = {"gpt-5", "claude-sonnet-4-5", "text-embedding-3", null};
  private static final String[] SOME = {"one", "two", null};
  private static final String[] RATE_CARDS = {"card-a", "card-b", null};
  private static final String[] BUCKETS = {"in.text.uncached", "in.cache_read", "in.video"};
  private static final FinishReason[] FINISH = FinishReason.values();

  private LedgerEntries() {}

  /** A priced call of feature chat: 1 000 in, 200 out, 0.0123 in 400 ms. */
  public static LedgerEntry call(String spanId, long eventTimeUs) {
    LedgerLine line = line(spanId, eventTimeUs, SpanKind.LLM);
    line.setCalls(1);
    line.setProvider("openai");
    line.setSurface("openai");
    line.setModelCanonical("gpt-5");
    line.setUsage(TokenUsage.newBuilder().setInputUncached(1_000L).setOutputText(200L).build());
    line.setUsageQuality(UsageQuality.REPORTED);
    line.setPriceStatus(PriceStatus.PRICED);
    line.setCost(new BigDecimal("0.012300000000000000"));
    line.setLatencyUs(400_000);
    return booked(line);
  }

  /** A line of feature chat, team blue, production, without measures. */
  public static LedgerLine line(String spanId, long eventTimeUs, SpanKind kind) {
    return LedgerLine.newBuilder()
        .setTenant("default")
        .setSource("0123456789abcdef0123456789abcdef")
        .setItem(spanId)
        .setEventTimeUs(eventTimeUs)
        .setStartTimeUs(eventTimeUs - 400_000)
        .setSpanKind(kind)
        .setServiceName("api")
        .setAttribution(
            attribution(tag("chat", Provenance.OWN), tag("blue", Provenance.RULE), "production"))
        .setPriceStatus(PriceStatus.NOT_BILLABLE)
        .build();
  }

  private static Attribution attribution(
      ResolvedTag feature, ResolvedTag team, String environment) {
    ResolvedTag none = tag(null, Provenance.UNATTRIBUTED);
    return Attribution.newBuilder()
        .setFeature(feature)
        .setTeam(team)
        .setWorkspace(none)
        .setEnvironment(tag(environment, Provenance.RESOURCE))
        .setProject(none)
        .setCostCenter(none)
        .setUserTier(none)
        .setExperiment(none)
        .setRetrievalVersion(none)
        .setPromptName(none)
        .setPromptVersion(none)
        .setAgent(none)
        .build();
  }

  static ResolvedTag tag(@Nullable String value, Provenance provenance) {
    return new ResolvedTag(value, value == null ? Provenance.UNATTRIBUTED : provenance);
  }

  /** The entry that books a line. */
  public static LedgerEntry booked(LedgerLine line) {
    return new LedgerEntry(1, 1L, EntryCause.INITIAL, null, 0L, null, line);
  }

  /** The entry that takes a booked entry back. */
  public static LedgerEntry retracted(LedgerEntry entry) {
    return new LedgerEntry(
        -1,
        entry.getRevision(),
        EntryCause.LATE_SPAN,
        null,
        0L,
        entry.getServiceVersion(),
        entry.getLine());
  }

  /**
   * Random entries with event times in the given minutes from {@link #BASE_US}; about one line in
   * five is retracted later, and half of those booked anew with another feature.
   */
  public static List<LedgerEntry> random(Random random, int lines, int minutes) {
    List<LedgerEntry> entries = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      LedgerEntry entry = booked(randomLine(random, i, minutes));
      entries.add(entry);
      if (random.nextInt(5) == 0) {
        entries.add(retracted(entry));
        if (random.nextBoolean()) {
          LedgerLine moved = LedgerLine.newBuilder(entry.getLine()).build();
          moved.getAttribution().setFeature(tag("moved", Provenance.ANCESTOR));
          entries.add(booked(moved));
        }
      }
    }
    return entries;
  }

  /**
   * Entries as a company's live traffic has them: 12 features of 5 teams, 9 models, 20 workspaces,
   * within two minutes; seven calls to two tools and one retrieval.
   */
  static List<LedgerEntry> company(Random random, int lines) {
    List<LedgerEntry> entries = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      long eventTimeUs = BASE_US + i * TimeUnit.MINUTES.toMicros(2) / lines;
      LedgerLine line = call(String.format("%016x", i + 1), eventTimeUs).getLine();
      int feature = random.nextInt(12);
      int model = (feature + random.nextInt(3)) % 9;
      Attribution tags =
          attribution(
              tag("feature-" + feature, Provenance.OWN),
              tag("team-" + feature % 5, Provenance.RULE),
              random.nextInt(10) == 0 ? "staging" : "production");
      tags.setWorkspace(tag("workspace-" + random.nextInt(20), Provenance.ANCESTOR));
      tags.setPromptName(tag("prompt-" + feature, Provenance.OWN));
      tags.setPromptVersion(tag("v" + random.nextInt(2), Provenance.OWN));
      tags.setAgent(tag("agent-" + feature % 4, Provenance.OWN));
      tags.setUserTier(tag(random.nextBoolean() ? "free" : "paid", Provenance.OWN));
      line.setAttribution(tags);
      line.setServiceName("service-" + feature % 6);
      line.setModelCanonical("model-" + model);
      line.setProvider("provider-" + model % 4);
      line.setSurface("provider-" + model % 4);
      line.setLatencyUs(Math.round(Math.exp(random.nextGaussian() * 0.6 + 13.5)));
      if (i % 10 < 7) {
        line.setTtftUs(line.getLatencyUs() / 4);
        line.setCost(
            new BigDecimal(BigInteger.valueOf(random.nextInt(90_000_000)), 9).setScale(18));
        line.setUsage(
            TokenUsage.newBuilder()
                .setInputUncached((long) random.nextInt(8_000))
                .setCacheRead((long) random.nextInt(4_000))
                .setOutputText((long) random.nextInt(900))
                .build());
      } else {
        line.setSpanKind(i % 10 == 9 ? SpanKind.RETRIEVAL : SpanKind.TOOL);
        line.setToolName("tool-" + feature % 7);
        line.setCalls(0);
        line.setUsage(null);
        line.setCost(null);
      }
      entries.add(booked(line));
    }
    return entries;
  }

  private static LedgerLine randomLine(Random random, int number, int minutes) {
    SpanKind kind = SpanKind.values()[random.nextInt(SpanKind.values().length)];
    boolean isCall = kind == SpanKind.LLM || kind == SpanKind.EMBEDDING || kind == SpanKind.RERANK;
    long eventTimeUs = BASE_US + (long) (random.nextDouble() * TimeUnit.MINUTES.toMicros(minutes));
    LedgerLine line = line(String.format("%016x", number + 1), eventTimeUs, kind);
    line.setTenant(pick(random, TENANTS));
    line.setAttribution(randomAttribution(random));
    line.setServiceName(pick(random, SOME));
    line.setProvider(pick(random, SOME));
    line.setSurface(pick(random, SOME));
    line.setRegion(pick(random, SOME));
    line.setModelRequested(pick(random, MODELS));
    line.setModelReturned(pick(random, MODELS));
    line.setModelCanonical(pick(random, MODELS));
    line.setPurpose(random.nextInt(10) == 0 ? Purpose.EVAL : Purpose.PRODUCT);
    line.setLatencyUs(
        random.nextInt(5) == 0 ? 0 : Math.round(Math.exp(random.nextGaussian() + 12)));
    line.setError(random.nextInt(8) == 0);
    line.setCalls(isCall && random.nextInt(20) != 0 ? 1 : 0);
    if (isCall || (kind == SpanKind.AGENT && random.nextInt(4) == 0)) {
      randomUsage(random, line);
    }
    switch (kind) {
      case TOOL, MCP -> {
        line.setToolName(pick(random, SOME));
        line.setMcpServer(pick(random, SOME));
      }
      case RETRIEVAL ->
          line.setRetrieval(
              random.nextInt(6) == 0
                  ? null
                  : Retrieval.newBuilder()
                      .setSource(pick(random, SOME))
                      .setHits(random.nextInt(3) == 0 ? null : (Integer) random.nextInt(3))
                      .setScoreMax(random.nextInt(3) == 0 ? null : (Double) random.nextDouble())
                      .build());
      case GUARDRAIL ->
          line.setGuardrailOutcome(
              pick(random, new String[] {"pass", "block", "masked", "Flagged", null}));
      case WORKFLOW -> {
        line.setItem("trace");
        line.setTrace(
            new TraceMeasures(
                9L,
                7L,
                (long) random.nextInt(3),
                (long) random.nextInt(3),
                (long) random.nextInt(3),
                (long) random.nextInt(3),
                0L,
                0L));
      }
      default -> {}
    }
    return line;
  }

  private static Attribution randomAttribution(Random random) {
    Provenance[] provenances = Provenance.values();
    Attribution attribution =
        attribution(
            tag(pick(random, FEATURES), provenances[random.nextInt(provenances.length)]),
            tag(pick(random, SOME), Provenance.RULE),
            random.nextInt(3) == 0 ? "staging" : "production");
    attribution.setWorkspace(tag(pick(random, SOME), Provenance.ANCESTOR));
    attribution.setPromptName(tag(pick(random, SOME), Provenance.OWN));
    attribution.setPromptVersion(tag(pick(random, SOME), Provenance.OWN));
    attribution.setAgent(tag(pick(random, SOME), Provenance.OWN));
    attribution.setUserTier(tag(pick(random, SOME), Provenance.OWN));
    return attribution;
  }

  private static void randomUsage(Random random, LedgerLine line) {
    UsageQuality[] qualities = UsageQuality.values();
    line.setUsageQuality(qualities[random.nextInt(qualities.length)]);
    line.setAttempt(random.nextInt(3) == 0 ? (Integer) (1 + random.nextInt(3)) : null);
    line.setFallbackFrom(random.nextInt(9) == 0 ? "gpt-4o" : null);
    line.setTtftUs(random.nextInt(3) == 0 ? null : (Long) (long) random.nextInt(2_000_000));
    line.setFinishReasons(
        random.nextInt(3) == 0
            ? List.of()
            : List.of(
                FINISH[random.nextInt(FINISH.length)], FINISH[random.nextInt(FINISH.length)]));
    if (random.nextInt(6) != 0) {
      line.setUsage(
          TokenUsage.newBuilder()
              .setInputUncached(tokens(random))
              .setCacheRead(tokens(random))
              .setCacheWrite5m(tokens(random))
              .setCacheWrite1h(tokens(random))
              .setInputAudio(tokens(random))
              .setInputImage(tokens(random))
              .setOutputText(tokens(random))
              .setReasoning(tokens(random))
              .setOutputAudio(tokens(random))
              .setOutputImage(tokens(random))
              .build());
    }
    line.setUnpricedTokens(random.nextInt(4) == 0 ? random.nextInt(1_000) : 0);
    if (random.nextInt(4) == 0) {
      line.setPriceStatus(
          random.nextBoolean() ? PriceStatus.UNKNOWN_MODEL : PriceStatus.NOT_BILLABLE);
    } else {
      line.setPriceStatus(PriceStatus.PRICED);
      line.setCost(randomCost(random));
      line.setCostLines(randomCostLines(random, line.getCost()));
      line.setRateCardId(pick(random, RATE_CARDS));
    }
  }

  /** Lines that add up to the cost, or to less: then something has no bucket. */
  private static List<CostLine> randomCostLines(Random random, BigDecimal cost) {
    List<CostLine> lines = new ArrayList<>();
    BigDecimal rest = cost;
    for (int i = random.nextInt(4); i > 0; i--) {
      BigDecimal part = rest.multiply(new BigDecimal("0.5")).setScale(18, RoundingMode.DOWN);
      lines.add(new CostLine(pick(random, BUCKETS), 1L, null, 1_000_000L, part));
      rest = rest.subtract(part);
    }
    if (random.nextBoolean()) {
      lines.add(new CostLine("out.text", 1L, null, 1_000_000L, rest));
      lines.add(new CostLine("in.video", 1L, null, 1_000_000L, null));
    }
    return lines;
  }

  /** A faithfulness score of feature chat, from an evaluator, sampled with this probability. */
  public static Score score(String id, long scoredAtUs, Double value, Double probability) {
    return Score.newBuilder()
        .setTenant("default")
        .setScoreId(id)
        .setSubjectId("0123456789abcdef0123456789abcdef")
        .setName("faithfulness")
        .setValue(value)
        .setInclusionProbability(probability)
        .setScoredAtUs(scoredAtUs)
        .setAttribution(call("01", scoredAtUs).getLine().getAttribution())
        .build();
  }

  /** Random scores with times in the given minutes from {@link #BASE_US}. */
  public static List<Score> randomScores(Random random, int scores, int minutes) {
    List<Score> all = new ArrayList<>();
    for (int i = 0; i < scores; i++) {
      long at = BASE_US + (long) (random.nextDouble() * TimeUnit.MINUTES.toMicros(minutes));
      Double value = random.nextInt(6) == 0 ? null : (Double) (random.nextInt(101) / 100.0);
      Double probability = random.nextInt(3) == 0 ? null : (Double) (1.0 / (1 + random.nextInt(9)));
      Score score = score("s" + i, at, value, probability);
      score.setTenant(pick(random, TENANTS));
      score.setName(random.nextBoolean() ? "faithfulness" : "thumbs|up=é");
      score.setSource(ScoreSource.values()[random.nextInt(4)]);
      score.setStatus(
          random.nextInt(4) == 0
              ? ScoreStatus.values()[random.nextInt(ScoreStatus.values().length)]
              : ScoreStatus.SCORED);
      score.setModel(pick(random, MODELS));
      score.setAttribution(random.nextInt(9) == 0 ? null : randomAttribution(random));
      all.add(score);
    }
    return all;
  }

  private static @Nullable Long tokens(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> 0L;
      default -> (long) random.nextInt(100_000);
    };
  }

  /** Mostly cents, some free, some of more than 64 bits at scale 18. */
  private static BigDecimal randomCost(Random random) {
    return switch (random.nextInt(10)) {
      case 0 -> new BigDecimal(BigInteger.ZERO, 18);
      case 1 -> new BigDecimal(new BigInteger(80, random), 18);
      default -> new BigDecimal(new BigInteger(55, random), 18);
    };
  }

  private static <T> @Nullable T pick(Random random, @Nullable T[] values) {
    return values[random.nextInt(values.length)];
  }

  static long us(String instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
  }

  /** A call of that cost. */
  static LedgerEntry spent(String at, String cost) {
    return spent(us(at), new BigDecimal(cost).setScale(18));
  }

  static LedgerEntry spent(long atUs, BigDecimal cost) {
    LedgerEntry entry = call("01", atUs);
    entry.getLine().setCost(cost);
    return entry;
  }

  /** Sends entries, and moves the clock on so that what they change is told. */
  static void send(TopologyFixture to, List<LedgerEntry> entries) {
    var ledger = to.input(Topics.LEDGER);
    for (LedgerEntry entry : entries) {
      ledger.pipeInput("default|trace", entry, entry.getLine().getEventTimeUs() / 1_000);
    }
    to.advance(Duration.ofSeconds(1));
  }
}
