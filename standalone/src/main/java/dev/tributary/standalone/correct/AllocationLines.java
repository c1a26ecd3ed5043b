package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.AllocatedLine;
import dev.tributary.pricing.allocation.CapacityPool;
import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.pricing.allocation.PoolAllocation;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.UsageQuality;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's lines of a pool's hour: one per consumer, at the hour's last microsecond, so that
 * the last hour of a day, a month and a budget's period is booked in it and not in the next. They
 * own no usage, which stays on the calls.
 */
final class AllocationLines {
  /** Item of the hour that nobody used: its cost is somebody's all the same. */
  private static final String UNUSED = "unused";

  private static final ResolvedTag NOBODY = new ResolvedTag(null, Provenance.UNATTRIBUTED);

  private AllocationLines() {}

  /**
   * What should be booked for an hour, by item.
   *
   * @param hour its first moment
   * @return empty where the pool was not paid in that hour
   */
  static Map<String, LedgerLine> of(
      String tenant, DeclaredPool declared, Instant hour, PoolUse use) {
    CapacityPool.Hour paid = declared.pool().hourAt(hour);
    Map<String, LedgerLine> lines = new LinkedHashMap<>();
    if (paid == null) {
      return lines;
    }
    for (AllocatedLine share : PoolAllocation.spread(paid, use.tokens())) {
      LedgerLine line = line(tenant, declared, share, use);
      lines.put(line.getItem(), line);
    }
    return lines;
  }

  private static LedgerLine line(
      String tenant, DeclaredPool declared, AllocatedLine share, PoolUse use) {
    Consumer consumer = share.consumer();
    return LedgerLine.newBuilder()
        .setTenant(tenant)
        .setKind(LineKind.ALLOCATION)
        .setSource(share.hour().poolId())
        .setItem(item(share.hour().start(), consumer))
        .setEventTimeUs(micros(share.hour().end()) - 1)
        .setStartTimeUs(micros(share.hour().start()))
        .setAttribution(attribution(consumer, consumer == null ? null : use.part(consumer)))
        .setSurface(declared.surface())
        .setModelCanonical(share.hour().poolId())
        .setUsageQuality(UsageQuality.DERIVED)
        .setPriceStatus(PriceStatus.ALLOCATED)
        .setPriceReason(declared.kind().name().toLowerCase(Locale.ROOT))
        .setCost(share.amount())
        .setCostLines(List.of())
        .setRateCardId(share.hour().rateCardId())
        .setFinishReasons(List.of())
        .build();
  }

  private static Attribution attribution(@Nullable Consumer consumer, PoolUse.@Nullable Part part) {
    Attribution.Builder tags =
        Attribution.newBuilder()
            .setFeature(NOBODY)
            .setTeam(NOBODY)
            .setWorkspace(NOBODY)
            .setEnvironment(NOBODY)
            .setProject(NOBODY)
            .setCostCenter(NOBODY)
            .setUserTier(NOBODY)
            .setExperiment(NOBODY)
            .setRetrievalVersion(NOBODY)
            .setPromptName(NOBODY)
            .setPromptVersion(NOBODY)
            .setAgent(NOBODY)
            .setCustom(Map.of());
    if (consumer != null) {
      PoolUse.Part of = Objects.requireNonNull(part, "a share without use");
      tags.setEnvironment(tag(consumer.environment(), of, PoolUse.Tag.ENVIRONMENT))
          .setFeature(tag(consumer.feature(), of, PoolUse.Tag.FEATURE))
          .setTeam(tag(consumer.team(), of, PoolUse.Tag.TEAM))
          .setWorkspace(tag(consumer.workspace(), of, PoolUse.Tag.WORKSPACE))
          .setCostCenter(tag(of.costCenter(), of, PoolUse.Tag.COST_CENTER));
    }
    return tags.build();
  }

  private static ResolvedTag tag(@Nullable String value, PoolUse.Part part, PoolUse.Tag tag) {
    return value == null ? NOBODY : new ResolvedTag(value, part.provenance(tag));
  }

  /** The hour and who it is for; no two consumers have the same. */
  static String item(Instant hour, @Nullable Consumer consumer) {
    if (consumer == null) {
      return hour + "|" + UNUSED;
    }
    return String.join(
        "|",
        hour.toString(),
        escape(consumer.environment()),
        escape(consumer.feature()),
        escape(consumer.team()),
        escape(consumer.workspace()));
  }

  /** Unattributed is nothing; an empty tag is a lone percent sign, which no escaped text is. */
  private static String escape(@Nullable String tag) {
    if (tag == null) {
      return "";
    }
    return tag.isEmpty() ? "%" : URLEncoder.encode(tag, StandardCharsets.UTF_8);
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
