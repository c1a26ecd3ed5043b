package dev.tributary.standalone.compare;

import dev.tributary.quality.Comparison;
import dev.tributary.quality.Finding;
import dev.tributary.quality.GateArms;
import dev.tributary.quality.GatePolicy;
import dev.tributary.quality.TwoArms;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Event;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares arms of live traffic, and announces what turned out to differ. */
public final class ComparisonDesk {
  static final String COMPARISON = "comparison";
  static final String GATE = "gate";

  private final Settings settings;
  private final SqlClient sql;
  private final Clock clock;

  public ComparisonDesk(Settings settings, Clock clock) {
    this.settings = settings;
    this.sql = SqlClient.of(settings);
    this.clock = clock;
  }

  /** What differs, dimension by dimension. */
  public List<Finding> compare(ArmSelection selection, Comparison comparison)
      throws IOException, InterruptedException {
    List<TwoArms> arms = LiveArms.read(sql, selection);
    return comparison.of(arms, Dimensions.shares(arms));
  }

  /** Both arms as a gate looks at them. */
  public Map<String, GateArms> arms(ArmSelection selection)
      throws IOException, InterruptedException {
    Map<String, GateArms> arms = new LinkedHashMap<>();
    for (TwoArms two : LiveArms.read(sql, selection)) {
      arms.put(two.dimension().name(), GateArms.live(two));
    }
    return arms;
  }

  /**
   * Writes an event for each dimension in which a difference is shown and was not announced before.
   *
   * @return how many were written
   */
  public int announce(ArmSelection selection, List<Finding> findings)
      throws IOException, InterruptedException {
    List<Event> events = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.isShown()) {
        events.add(event(selection, finding));
      }
    }
    return write(events);
  }

  /**
   * Writes an event of a gate's answer, unless this answer was announced before.
   *
   * @return how many were written
   */
  public int announce(
      ArmSelection selection, GatePolicy policy, dev.tributary.quality.GateResult result)
      throws IOException, InterruptedException {
    return write(List.of(event(selection, policy, result)));
  }

  /** The event of a gate's answer; its id is that of the same answer about the same traffic. */
  Event event(ArmSelection selection, GatePolicy policy, dev.tributary.quality.GateResult result) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("baseline", selection.baseline());
    detail.put("candidate", selection.candidate());
    detail.put("outcome", result.outcome().words());
    detail.put("limits", Integer.toString(policy.rules().size()));
    return draft(selection, GATE, detail)
        .setEventId(
            QualityEvents.id(
                GATE,
                selection.tenant(),
                String.valueOf(selection.environment()),
                String.valueOf(selection.feature()),
                selection.subject(),
                selection.baseline(),
                result.outcome().name()))
        .build();
  }

  private int write(List<Event> events) throws IOException, InterruptedException {
    List<Event> fresh = QualityEvents.unknown(sql, events);
    if (!fresh.isEmpty()) {
      QualityEvents.write(settings, fresh);
    }
    return fresh.size();
  }

  private Event event(ArmSelection selection, Finding finding) {
    Map<String, String> detail = new LinkedHashMap<>();
    detail.put("baseline", selection.baseline());
    detail.put("candidate", selection.candidate());
    detail.put("dimension", finding.dimension().name());
    detail.put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
    detail.put("difference", ComparisonReport.number(finding.difference()));
    detail.put("low", ComparisonReport.number(finding.low()));
    detail.put("high", ComparisonReport.number(finding.high()));
    detail.put("text", ComparisonReport.sentence(selection, finding));
    return draft(selection, COMPARISON, detail)
        .setEventId(
            QualityEvents.id(
                COMPARISON,
                selection.tenant(),
                String.valueOf(selection.environment()),
                String.valueOf(selection.feature()),
                selection.subject(),
                selection.baseline(),
                finding.dimension().name()))
        .build();
  }

  private Event.Builder draft(ArmSelection selection, String kind, Map<String, String> detail) {
    Map<String, String> dimensions = new LinkedHashMap<>();
    dimensions.put(selection.by().column(), selection.candidate());
    if (selection.prompt() != null) {
      dimensions.put("prompt_name", selection.prompt());
    }
    if (selection.feature() != null) {
      dimensions.put("feature", selection.feature());
    }
    return Event.newBuilder()
        .setTenant(selection.tenant())
        .setKind(kind)
        .setSubject(selection.subject())
        .setEnvironment(selection.environment())
        .setDimensions(dimensions)
        .setEventTimeUs(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()))
        .setDetail(detail);
  }
}
