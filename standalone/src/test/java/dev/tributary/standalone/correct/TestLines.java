package dev.tributary.standalone.correct;

import dev.tributary.attribution.core.Corrected;
import dev.tributary.attribution.core.OwnershipRules;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardJson;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EntryCause;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lines of calls of gpt-4o-mini on 2026-03-01, and two reference versions. */
final class TestLines {
  static final String MODEL = "gpt-4o-mini";
  static final long DAY_US = 1_772_323_200_000_000L;

  private static final List<RateCard> CARDS = CuratedCatalogue.load().cards();
  private static final ReferenceView FIRST = prices(1, 1);

  private TestLines() {}

  /** A call of a feature, priced under version 1. */
  static LedgerLine call(String trace, String feature, long input, long output) {
    return Corrected.priced(unpriced(trace, feature, MODEL, input, output), FIRST);
  }

  static LedgerLine unpriced(String trace, String feature, String model, long input, long output) {
    LedgerLine line = new LedgerLine();
    line.setTenant("default");
    line.setKind(LineKind.USAGE);
    line.setSource(trace);
    line.setItem("0000000000000001");
    line.setEventTimeUs(DAY_US + 1);
    line.setStartTimeUs(DAY_US);
    line.setSpanKind(SpanKind.LLM);
    line.setPurpose(Purpose.PRODUCT);
    line.setServiceName("shop");
    line.setAttribution(attribution(feature));
    line.setProvider("openai");
    line.setSurface("openai");
    line.setModelRequested(model);
    line.setModelReturned(model);
    line.setUsageScope(UsageScope.LEAF);
    line.setUsage(TokenUsage.newBuilder().setInputUncached(input).setOutputText(output).build());
    line.setUsageQuality(UsageQuality.REPORTED);
    line.setUsageConvention(UsageConvention.INCLUSIVE);
    line.setPriceStatus(PriceStatus.UNKNOWN_MODEL);
    line.setCostLines(List.of());
    line.setCalls(1);
    line.setLatencyUs(1);
    line.setFinishReasons(List.of());
    return line;
  }

  private static Attribution attribution(String feature) {
    ResolvedTag nobody = new ResolvedTag(null, Provenance.UNATTRIBUTED);
    return Attribution.newBuilder()
        .setFeature(new ResolvedTag(feature, Provenance.OWN))
        .setTeam(nobody)
        .setWorkspace(nobody)
        .setEnvironment(nobody)
        .setProject(nobody)
        .setCostCenter(nobody)
        .setUserTier(nobody)
        .setExperiment(nobody)
        .setRetrievalVersion(nobody)
        .setPromptName(nobody)
        .setPromptVersion(nobody)
        .setAgent(nobody)
        .setCustom(Map.of())
        .setOwnerConflict(false)
        .build();
  }

  /** Curated prices as a version, those of the model multiplied. */
  static ReferenceView prices(long version, int factor) {
    return view(version, factor, OwnershipRules.NONE);
  }

  static ReferenceView view(long version, int factor, OwnershipRules rules) {
    List<RateCard> cards = new ArrayList<>();
    for (RateCard card : CARDS) {
      cards.add(
          // 0.15 becomes 30.15 with factor 3: dearer, whatever it was.
          factor != 1 && card.canonicalModel().equals(MODEL)
              ? RateCardJson.parse(
                  "dearer",
                  RateCardJson.print(card).replace("\"amount\":\"", "\"amount\":\"" + factor))
              : card);
    }
    return new ReferenceView(
        version, Catalogue.of(Long.toString(version), cards), rules, List.of());
  }

  static LedgerEntry entry(int sign, long revision, LedgerLine line) {
    return LedgerEntry.newBuilder()
        .setSign(sign)
        .setRevision(revision)
        .setCause(EntryCause.INITIAL)
        .setBookedAtUs(0)
        .setLine(line)
        .build();
  }
}
