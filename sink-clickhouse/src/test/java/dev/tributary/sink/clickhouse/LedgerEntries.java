package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Ledger entries under the law of the ledger, from a seed. */
final class LedgerEntries {
  static final long BASE_US = 1_767_225_600_000_000L; // 2026-01-01T00:00:00Z
  private static final BigDecimal RATE = new BigDecimal("3.000000000000000001");

  private final Generator generator;
  private int next;

  LedgerEntries(Generator generator) {
    this.generator = generator;
  }

  /** The entries of one line: booked; sometimes retracted and booked anew, once or twice. */
  List<LedgerEntry> line() {
    int number = next++;
    List<LedgerEntry> entries = new ArrayList<>();
    LedgerLine line = line(number);
    entries.add(entry(1, 1, EntryCause.INITIAL, line));
    for (int revision = 1; generator.chance(20) && revision < 4; revision++) {
      entries.add(entry(-1, revision, EntryCause.LATE_SPAN, line));
      line = LedgerLine.newBuilder(line).build();
      line.getAttribution().setFeature(tag("feature-late-" + revision, Provenance.TRACE_ROOT));
      entries.add(entry(1, revision + 1, EntryCause.LATE_SPAN, line));
    }
    return entries;
  }

  static LedgerEntry entry(int sign, long revision, EntryCause cause, LedgerLine line) {
    return LedgerEntry.newBuilder()
        .setSign(sign)
        .setRevision(revision)
        .setCause(cause)
        .setBookedAtUs(BASE_US + 5_000_000)
        .setLine(LedgerLine.newBuilder(line).build())
        .build();
  }

  LedgerLine line(int number) {
    boolean isPriced = number % 10 != 3;
    long input = generator.between(10, 4000);
    long output = generator.between(1, 900);
    BigDecimal cost = amount(input).add(amount(output));
    long end = BASE_US + number * 7_919L * 1000 + generator.between(0, 999);
    return LedgerLine.newBuilder()
        .setTenant(number % 7 == 0 ? "acme" : "default")
        .setKind(LineKind.USAGE)
        .setSource("%032x".formatted(number / 3 + 1))
        .setItem("%016x".formatted(number + 1))
        .setEventTimeUs(end)
        .setStartTimeUs(end - 250_000)
        .setSpanKind(SpanKind.LLM)
        .setPurpose(number % 50 == 0 ? Purpose.EVAL : Purpose.PRODUCT)
        .setServiceName("checkout-" + number % 4)
        .setAttribution(attribution(number))
        .setProvider("openai")
        .setSurface("openai")
        .setModelRequested("gpt-5-mini")
        .setModelReturned("gpt-5-mini-2025-08-07")
        .setModelCanonical(isPriced ? "gpt-5-mini" : null)
        .setUsageScope(UsageScope.LEAF)
        .setUsage(usage(input, output))
        .setUsageQuality(number % 20 == 5 ? UsageQuality.ESTIMATED : UsageQuality.REPORTED)
        .setUsageConvention(UsageConvention.INCLUSIVE)
        .setPriceStatus(isPriced ? PriceStatus.PRICED : PriceStatus.UNKNOWN_MODEL)
        .setCost(isPriced ? cost : null)
        .setCostLines(
            List.of(
                costLine("in.text.uncached", input, isPriced),
                costLine("out.text", output, isPriced)))
        .setUnpricedTokens(isPriced ? 0 : input + output)
        .setRateCardId(isPriced ? "openai/gpt-5-mini/2025-08-07" : null)
        .setCatalogueVersion("2026-01-01")
        .setCalls(1)
        .setError(number % 30 == 0)
        .setErrorType(number % 30 == 0 ? "timeout" : null)
        .setHttpStatus(number % 30 == 0 ? 504 : 200)
        .setLatencyUs(250_000)
        .setTtftUs(number % 2 == 0 ? 90_000L : null)
        .setStream(number % 2 == 0)
        .setFinishReasons(List.of(FinishReason.STOP))
        .setResponseId("resp_" + number)
        .setInputHash("%064x".formatted(number))
        .build();
  }

  private static TokenUsage usage(long input, long output) {
    return TokenUsage.newBuilder().setInputUncached(input).setOutputText(output).build();
  }

  private static BigDecimal amount(long tokens) {
    return RATE.multiply(BigDecimal.valueOf(tokens))
        .movePointLeft(6)
        .setScale(18, java.math.RoundingMode.HALF_EVEN);
  }

  private static CostLine costLine(String bucket, long quantity, boolean isPriced) {
    return CostLine.newBuilder()
        .setBucket(bucket)
        .setQuantity(quantity)
        .setRateAmount(isPriced ? RATE : null)
        .setRatePer(1_000_000)
        .setCost(isPriced ? amount(quantity) : null)
        .build();
  }

  static Attribution attribution(int number) {
    ResolvedTag none = tag(null, Provenance.UNATTRIBUTED);
    return Attribution.newBuilder()
        .setFeature(number % 9 == 4 ? none : tag("feature-" + number % 12, Provenance.ANCESTOR))
        .setTeam(tag("team-" + number % 5, Provenance.RULE))
        .setWorkspace(tag("workspace-" + number % 100, Provenance.OWN))
        .setEnvironment(tag(number % 4 == 0 ? "staging" : "production", Provenance.RESOURCE))
        .setProject(none)
        .setCostCenter(none)
        .setUserTier(none)
        .setExperiment(none)
        .setRetrievalVersion(none)
        .setPromptName(tag("answer", Provenance.OWN))
        .setPromptVersion(tag("v" + number % 2, Provenance.OWN))
        .setAgent(none)
        .setCustom(Map.of("region_owner", tag("emea", Provenance.OWN)))
        .build();
  }

  static ResolvedTag tag(String value, Provenance provenance) {
    return ResolvedTag.newBuilder().setValue(value).setProvenance(provenance).build();
  }
}
