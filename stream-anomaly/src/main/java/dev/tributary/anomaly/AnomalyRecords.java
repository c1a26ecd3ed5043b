package dev.tributary.anomaly;

import dev.tributary.anomaly.core.EpisodeId;
import dev.tributary.anomaly.core.group.Change;
import dev.tributary.anomaly.core.group.NamedCause;
import dev.tributary.anomaly.core.group.Told;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Cause;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Signal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is told, as records; maps are sorted, so that equal states are equal bytes. */
final class AnomalyRecords {
  private static final int SCALE = 18;

  /** Kind of the signals of episodes. */
  static final String EPISODE = "episode";

  /** Between an episode and the revision with which it became more severe. */
  private static final String UPDATED = ":updated:";

  /**
   * How far an alarm is that another stream raised.
   *
   * @param revision from 1
   */
  record Course(Finding.State state, long revision) {
    /** It began. */
    static final Course OPENED = new Course(Finding.State.OPENED, 1);

    /** It began and is over. */
    static final Course OVER = new Course(Finding.State.RESOLVED, 2);
  }

  private AnomalyRecords() {}

  static Anomaly anomaly(Told.State state) {
    Finding finding = state.finding();
    String series = finding.key().text() + '|' + finding.metric();
    Map<String, String> dimensions = new TreeMap<>(finding.key().dimensions());
    return Anomaly.newBuilder()
        .setTenant(finding.key().tenant())
        .setEpisodeId(finding.episodeId())
        .setRevision(finding.revision())
        .setState(finding.state().name())
        .setEnvironment(finding.key().environment())
        .setSeries(finding.isLimit() ? series + ">limit" : series)
        .setMetric(finding.metric())
        .setDimensions(dimensions)
        .setOpenedAtUs(finding.openedUs())
        .setWindowStartUs(finding.windowUs())
        .setObserved(number(finding.observed()))
        .setBaseline(number(finding.baseline()))
        .setFactor(factor(finding))
        .setScore(finding.score())
        .setMoneySoFar(money(finding.money()))
        .setMoneyPerHour(money(finding.moneyPerHour()))
        .setGroupId(state.groupId())
        .setCauses(state.causes().stream().map(AnomalyRecords::cause).toList())
        .setExampleTraceIds(state.traces())
        .setSentence(state.sentence())
        .build();
  }

  /** What is told of is in production unless the sentence says otherwise. */
  static boolean isToBeNamed(@Nullable String environment) {
    return environment != null && !environment.equals("production");
  }

  private static @Nullable Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** The plain ratio; how the rule bends it for shares and tiny baselines is the rule's affair. */
  private static @Nullable Double factor(Finding finding) {
    return finding.baseline() > 0 ? number(finding.observed() / finding.baseline()) : null;
  }

  private static @Nullable BigDecimal money(@Nullable BigDecimal amount) {
    return amount == null ? null : amount.setScale(SCALE, RoundingMode.HALF_EVEN);
  }

  private static Cause cause(NamedCause cause) {
    return Cause.newBuilder()
        .setDriver(cause.driver())
        .setSlice(new TreeMap<>(cause.slice()))
        .setAmount(money(cause.amount()))
        .setShare(number(cause.share()))
        .setEvidence(cause.evidence())
        .build();
  }

  /**
   * The notification.
   *
   * @param atUs end of the step
   */
  static Alert alert(Told.Notice notice, long atUs) {
    Anomaly episode = anomaly(notice.state());
    return Alert.newBuilder()
        .setTenant(episode.getTenant())
        .setAlertId(alertId(notice))
        .setTeam(notice.team())
        .setRoutes(notice.routes())
        .setSeverity(notice.severity())
        .setTitle(title(episode))
        .setEpisode(episode)
        .setCreatedAtUs(atUs)
        .build();
  }

  /** Of an episode that came back, the revision tells its alerts from the first ones. */
  private static String alertId(Told.Notice notice) {
    Finding finding = notice.state().finding();
    if (notice.isRaise()) {
      return finding.episodeId() + UPDATED + finding.revision();
    }
    String id = finding.episodeId() + (notice.isEnd() ? ":ended" : ":opened");
    return finding.isAgain() ? id + ':' + finding.revision() : id;
  }

  /** The sentence without its owner, up to the cause. */
  private static String title(Anomaly episode) {
    String sentence = episode.getSentence();
    int owner = sentence.indexOf("; owner: ");
    String rest = owner < 0 ? sentence : sentence.substring(0, owner);
    // Of an episode it follows since when; what is before that, such as a name, may have colons.
    int since = Math.max(0, rest.indexOf("since "));
    int cause = rest.indexOf(": ", since);
    return cause < 0 ? rest : rest.substring(0, cause);
  }

  /** Scope of an episode's signal. */
  static String scope(String episodeId) {
    return "episode:" + episodeId;
  }

  /** The episode for gateways. */
  static Signal signal(Told.Notice notice) {
    Anomaly episode = anomaly(notice.state());
    Map<String, String> detail = new TreeMap<>();
    detail.put("metric", episode.getMetric());
    detail.put("series", episode.getSeries());
    detail.put("team", notice.team());
    detail.put("environment", episode.getEnvironment());
    return Signal.newBuilder()
        .setTenant(episode.getTenant())
        .setScope(scope(episode.getEpisodeId()))
        .setKind(EPISODE)
        .setActive(!notice.isEnd())
        .setSeverity(notice.severity())
        .setValue(episode.getMoneyPerHour())
        .setLimit(null)
        .setSinceUs(episode.getOpenedAtUs())
        .setDetail(detail)
        .build();
  }

  /** Something seen for the first time. */
  static Event change(String tenant, String environment, Change change) {
    Map<String, String> dimensions = new TreeMap<>();
    dimensions.put("feature", change.feature());
    Map<String, String> detail = new TreeMap<>(Map.of(change.kind(), change.value()));
    if (!change.subject().isEmpty()) {
      dimensions.put(change.subjectLabel(), change.subject());
      detail.put(change.subjectLabel(), change.subject());
    }
    boolean isDimension =
        !change.kind().equals("rate_card") && !change.kind().equals(Change.DEPLOY);
    if (isDimension) {
      dimensions.put(
          change.kind().equals("unpriced_model") ? "model" : change.kind(), change.value());
    }
    String kind = isDimension ? "first_" + change.kind() : change.kind();
    String subject = "feature:" + change.feature();
    return Event.newBuilder()
        .setTenant(tenant)
        .setEventId(
            EpisodeId.of(
                tenant,
                environment,
                kind + '|' + change.feature() + '|' + subjectOf(change) + change.value(),
                change.seenUs()))
        .setKind(kind)
        .setSubject(subject)
        .setEnvironment(environment)
        .setDimensions(dimensions)
        .setEventTimeUs(change.seenUs())
        .setAmount(null)
        .setDetail(detail)
        .build();
  }

  private static String subjectOf(Change change) {
    return change.subject().isEmpty() ? "" : change.subject() + '|';
  }

  /**
   * An alarm that another stream raised, as an episode that leads itself.
   *
   * @param id of the episode
   * @param course how far it is
   * @param observed what was measured; null: unknown
   * @param limit what it is measured against; null: none
   */
  static Anomaly raised(
      String tenant,
      String id,
      Course course,
      String environment,
      String subject,
      String metric,
      Map<String, String> dimensions,
      long sinceUs,
      long atUs,
      @Nullable BigDecimal observed,
      @Nullable BigDecimal limit,
      String sentence) {
    Double value = observed == null ? null : observed.doubleValue();
    Double against = limit == null ? null : limit.doubleValue();
    return Anomaly.newBuilder()
        .setTenant(tenant)
        .setEpisodeId(id)
        .setRevision(course.revision())
        .setState(course.state().name())
        .setEnvironment(environment)
        .setSeries(subject)
        .setMetric(metric)
        .setDimensions(new TreeMap<>(dimensions))
        .setOpenedAtUs(sinceUs)
        .setWindowStartUs(atUs)
        .setObserved(value)
        .setBaseline(against)
        .setFactor(value == null || against == null || against == 0 ? null : value / against)
        .setScore(1)
        .setMoneySoFar(null)
        .setMoneyPerHour(null)
        .setGroupId(null)
        .setCauses(List.of())
        .setSentence(sentence)
        .build();
  }

  /** Its notification. */
  static Alert alertOf(Anomaly raised, String team, List<String> routes, String severity) {
    String id =
        raised.getEpisodeId()
            + switch (Finding.State.valueOf(raised.getState())) {
              case RESOLVED, LEVEL_SHIFT -> ":ended";
              case UPDATED, AMENDED -> UPDATED + raised.getRevision();
              case OPENED -> ":opened";
            };
    return Alert.newBuilder()
        .setTenant(raised.getTenant())
        .setAlertId(id)
        .setTeam(team)
        .setRoutes(routes)
        .setSeverity(severity)
        .setTitle(title(raised))
        .setEpisode(raised)
        .setCreatedAtUs(raised.getWindowStartUs())
        .build();
  }
}
