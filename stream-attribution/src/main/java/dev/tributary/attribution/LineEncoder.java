package dev.tributary.attribution;

import dev.tributary.attribution.core.TagField;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.TraceMeasures;
import dev.tributary.schemas.UnitUsage;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Writes ledger lines field by field, the same bytes as Avro's own writer. Every span becomes a
 * line at least once, and half of what a line costs was the generic writer looking up unions and
 * conversions.
 */
final class LineEncoder {
  /** The schema this was written for; with any other the generic writer is used. */
  private static final long FINGERPRINT = 0x1006c3aed9611bb8L;

  private final AvroBuffer out = new AvroBuffer();

  /** False where the schema has changed since this was written. */
  static boolean isCurrent() {
    return SchemaNormalization.parsingFingerprint64(LedgerLine.getClassSchema()) == FINGERPRINT;
  }

  byte[] encode(LedgerLine line) {
    out.clear();
    identity(line);
    attribution(line.getAttribution());
    call(line);
    money(line);
    outcome(line);
    return out.toBytes();
  }

  private void identity(LedgerLine line) {
    out.text(line.getTenant());
    out.symbol(line.getKind());
    out.text(line.getSource());
    out.text(line.getItem());
    out.number(line.getEventTimeUs());
    out.number(line.getStartTimeUs());
    out.symbol(line.getSpanKind());
    out.symbol(line.getPurpose());
    out.optional(line.getServiceName());
  }

  private void attribution(Attribution attribution) {
    for (TagField field : TagField.inOrder()) {
      tag(field.resolved(attribution));
    }
    Map<String, ResolvedTag> custom = sorted(attribution.getCustom());
    if (!custom.isEmpty()) {
      out.number(custom.size());
      for (Map.Entry<String, ResolvedTag> entry : custom.entrySet()) {
        out.text(entry.getKey());
        tag(entry.getValue());
      }
    }
    out.number(0);
    out.flag(attribution.getOwnerConflict());
  }

  /** A decoded map has lost its order; equal lines must have equal bytes. */
  private static Map<String, ResolvedTag> sorted(Map<String, ResolvedTag> tags) {
    boolean isSorted =
        tags.size() < 2 || (tags instanceof SortedMap<?, ?> map && map.comparator() == null);
    return isSorted ? tags : new TreeMap<>(tags);
  }

  private void tag(ResolvedTag tag) {
    out.optional(tag.getValue());
    out.symbol(tag.getProvenance());
  }

  private void call(LedgerLine line) {
    out.optional(line.getProvider());
    out.optional(line.getSurface());
    out.optional(line.getModelRequested());
    out.optional(line.getModelReturned());
    out.optional(line.getModelCanonical());
    out.optional(line.getModelStep());
    out.optional(line.getRegion());
    out.optional(line.getServiceTier());
    out.optional(line.getGateway());
    out.optional(line.getKeyAlias());
    out.optional(line.getResponseId());
    out.symbol(line.getUsageScope());
    usage(line.getUsage());
    out.symbol(line.getUsageQuality());
    out.symbol(line.getUsageConvention());
  }

  private void usage(@Nullable TokenUsage usage) {
    if (!out.branch(usage) || usage == null) {
      return;
    }
    out.optional(usage.getInputUncached());
    out.optional(usage.getCacheRead());
    out.optional(usage.getCacheWrite5m());
    out.optional(usage.getCacheWrite1h());
    out.optional(usage.getInputAudio());
    out.optional(usage.getInputImage());
    out.optional(usage.getOutputText());
    out.optional(usage.getReasoning());
    out.optional(usage.getOutputAudio());
    out.optional(usage.getOutputImage());
    out.flag(usage.getAssumedCacheTtl());
    units(usage.getUnits());
  }

  private void units(@Nullable UnitUsage units) {
    if (!out.branch(units) || units == null) {
      return;
    }
    out.optional(units.getWebSearches());
    out.optional(units.getSocialSearches());
    out.optional(units.getFileSearches());
    out.optional(units.getRerankQueries());
    out.optional(units.getSeconds());
    out.optional(units.getPages());
  }

  private void money(LedgerLine line) {
    out.symbol(line.getPriceStatus());
    out.optional(line.getPriceReason());
    out.optional(line.getCost());
    List<CostLine> costs = line.getCostLines();
    if (!costs.isEmpty()) {
      out.number(costs.size());
      for (CostLine cost : costs) {
        out.text(cost.getBucket());
        out.number(cost.getQuantity());
        out.optional(cost.getRateAmount());
        out.number(cost.getRatePer());
        out.optional(cost.getCost());
      }
    }
    out.number(0);
    out.number(line.getUnpricedTokens());
    out.optional(line.getRateCardId());
    out.optional(line.getCatalogueVersion());
    out.number(line.getReferenceVersion());
    out.optional(line.getReportedCost());
  }

  private void outcome(LedgerLine line) {
    out.number(line.getCalls());
    out.flag(line.getError());
    out.optional(line.getErrorType());
    out.optional(line.getHttpStatus());
    out.optional(line.getAttempt());
    out.optional(line.getFallbackFrom());
    out.optional(line.getStream());
    out.number(line.getLatencyUs());
    out.optional(line.getTtftUs());
    List<FinishReason> reasons = line.getFinishReasons();
    if (!reasons.isEmpty()) {
      out.number(reasons.size());
      reasons.forEach(out::symbol);
    }
    out.number(0);
    out.optional(line.getToolName());
    out.optional(line.getMcpServer());
    retrieval(line.getRetrieval());
    out.optional(line.getGuardrailOutcome());
    out.optional(line.getSamplingProbability());
    out.optional(line.getInputHash());
    out.optional(line.getToolArgsHash());
    trace(line.getTrace());
  }

  private void retrieval(@Nullable Retrieval retrieval) {
    if (!out.branch(retrieval) || retrieval == null) {
      return;
    }
    out.optional(retrieval.getSource());
    out.optional(retrieval.getTopK());
    out.optional(retrieval.getHits());
    out.optional(retrieval.getScoreMin());
    out.optional(retrieval.getScoreMax());
    out.optional(retrieval.getScoreMean());
    out.optional(retrieval.getDocumentAgeUs());
  }

  private void trace(@Nullable TraceMeasures trace) {
    if (!out.branch(trace) || trace == null) {
      return;
    }
    out.number(trace.getWallTimeUs());
    out.number(trace.getSpans());
    out.number(trace.getToolLoops());
    out.number(trace.getRetries());
    out.number(trace.getFallbacks());
    out.number(trace.getHandoffs());
    out.number(trace.getOrphans());
    out.number(trace.getDoubleReported());
  }
}
