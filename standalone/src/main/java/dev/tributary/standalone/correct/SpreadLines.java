package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.UsageQuality;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What all lines of what is spread have in common. They stand at the last microsecond of what was
 * paid for, so that the last of a day, a month and a budget's period is booked in it and not in the
 * next. They own no usage, which stays on the calls, and are no calls; their cost is known and
 * whole, whatever became of the calls' own.
 */
final class SpreadLines {
  private static final ResolvedTag NOBODY = new ResolvedTag(null, Provenance.UNATTRIBUTED);

  private SpreadLines() {}

  /**
   * A line of somebody's share, but for its cost and what it is paid for.
   *
   * @param item names the share among those of the same source
   * @param start first moment of what was paid for
   * @param end first moment after
   * @param owner null: nobody
   * @param part what is known of the owner; null: there is none
   */
  static LedgerLine.Builder draft(
      String tenant,
      Spread spread,
      String item,
      Instant start,
      Instant end,
      @Nullable Consumer owner,
      @Nullable OwnerPart part) {
    return LedgerLine.newBuilder()
        .setTenant(tenant)
        .setKind(spread.kind())
        .setSource(spread.source())
        .setItem(item)
        .setEventTimeUs(micros(end) - 1)
        .setStartTimeUs(micros(start))
        .setAttribution(attribution(owner, part))
        .setUsageQuality(UsageQuality.DERIVED)
        .setPriceStatus(PriceStatus.ALLOCATED)
        .setCostLines(List.of())
        .setFinishReasons(List.of());
  }

  private static Attribution attribution(@Nullable Consumer owner, @Nullable OwnerPart part) {
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
    if (owner != null) {
      OwnerPart of = Objects.requireNonNull(part, "a share without use");
      tags.setEnvironment(tag(owner.environment(), of, OwnerPart.Tag.ENVIRONMENT))
          .setFeature(tag(owner.feature(), of, OwnerPart.Tag.FEATURE))
          .setTeam(tag(owner.team(), of, OwnerPart.Tag.TEAM))
          .setWorkspace(tag(owner.workspace(), of, OwnerPart.Tag.WORKSPACE))
          .setCostCenter(tag(of.costCenter(), of, OwnerPart.Tag.COST_CENTER));
    }
    return tags.build();
  }

  private static ResolvedTag tag(@Nullable String value, OwnerPart part, OwnerPart.Tag tag) {
    return value == null ? NOBODY : new ResolvedTag(value, part.provenance(tag));
  }

  /** An owner as the end of an item; no two owners have the same. */
  static String item(Consumer owner) {
    return String.join(
        "|",
        escape(owner.environment()),
        escape(owner.feature()),
        escape(owner.team()),
        escape(owner.workspace()));
  }

  /**
   * A text as a part of an item. What is not stated is nothing; an empty text is a lone percent
   * sign, which no escaped text is.
   */
  static String escape(@Nullable String text) {
    if (text == null) {
      return "";
    }
    return text.isEmpty() ? "%" : URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
