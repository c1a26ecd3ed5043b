package dev.tributary.standalone.erasure;

import dev.tributary.normalize.NormalizeMain;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import dev.tributary.standalone.reference.ReferencePublisher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Erases content: lists the subjects in reference data, so that what still comes arrives without
 * text; waits until everything that was under way before is in ClickHouse; and overwrites it there.
 * Ledger, windows and every sum stay as they are: they hold no text. Kafka's copies end with their
 * retention.
 */
public final class Erasure {
  /** The normaliser reads reference data within a poll; this is many. */
  private static final Duration REFERENCE_PATIENCE = Duration.ofSeconds(2);

  /** Where normalize takes text from. */
  static final List<Topic<?, ?>> SOURCES =
      List.of(Topics.OTLP_SPANS, Topics.SPANS_IN, Topics.OTLP_LOGS);

  private static final String OVERWRITE =
      """
      ALTER TABLE span_content UPDATE mode = 'ERASED', name = NULL, status_message = NULL,
        system_instructions = NULL, input = NULL, output = NULL, tool_definitions = NULL,
        tool_arguments = NULL, tool_result = NULL, documents = NULL, attributes = map(),
        `events.name` = [], `events.time` = [], `events.attributes` = [], redactions = map()
      WHERE mode != 'ERASED' AND %s
      SETTINGS mutations_sync = 2
      """;

  private final Settings settings;
  private final SqlClient sql;
  private final Consumer<String> progress;

  /**
   * An erasure.
   *
   * @param settings how Kafka and the registry are reached
   * @param progress gets a line for every step
   */
  public Erasure(Settings settings, SqlClient sql, Consumer<String> progress) {
    this.settings = settings;
    this.sql = sql;
    this.progress = progress;
  }

  /**
   * How many content records of the subjects are in ClickHouse with their text.
   *
   * @throws IOException when ClickHouse does not answer
   */
  public long count(String tenant, List<ErasureSubject> subjects)
      throws IOException, InterruptedException {
    String query =
        "SELECT count() FROM span_content WHERE mode != 'ERASED' AND " + where(tenant, subjects);
    return Long.parseLong(sql.rows(query).get(0).get(0));
  }

  /**
   * Erases.
   *
   * @return content records overwritten in ClickHouse
   * @throws IOException when ClickHouse does not answer; repeating the command is safe
   */
  public long erase(String tenant, List<ErasureSubject> subjects)
      throws IOException, InterruptedException {
    ReferencePublisher.publishErasures(
        settings, tenant, subjects.stream().map(ErasureSubject::referenceId).toList());
    progress.accept("listed: what comes from now on keeps no text");
    TimeUnit.MILLISECONDS.sleep(REFERENCE_PATIENCE.toMillis());
    awaitWhatIsUnderWay();
    long count = count(tenant, subjects);
    if (count > 0) {
      sql.run(OVERWRITE.formatted(where(tenant, subjects)), "TSV");
    }
    return count;
  }

  /** First through the normaliser, then through the sink. */
  private void awaitWhatIsUnderWay() throws InterruptedException {
    TopicNames names = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX));
    try (GroupProgress groups = GroupProgress.open(settings)) {
      String normalize = StreamsProperties.applicationId(NormalizeMain.APP.name(), settings);
      for (Topic<?, ?> topic : SOURCES) {
        groups.awaitCaughtUp(normalize, names.of(topic));
      }
      progress.accept("what was sent before is normalised");
      for (Topic<?, ?> topic : List.of(Topics.SPAN_CONTENT, Topics.SPANS)) {
        groups.awaitCaughtUp(settings.get(SinkConfig.GROUP), names.of(topic));
      }
      progress.accept("and in ClickHouse");
    }
  }

  private static String where(String tenant, List<ErasureSubject> subjects) {
    StringBuilder any = new StringBuilder();
    for (ErasureSubject subject : subjects) {
      any.append(any.isEmpty() ? "" : " OR ").append(subject.condition(tenant));
    }
    return "tenant = " + SqlLiteral.text(tenant) + " AND (" + any + ")";
  }
}
