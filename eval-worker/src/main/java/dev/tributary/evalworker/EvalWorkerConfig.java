package dev.tributary.evalworker;

import dev.tributary.evalworker.judge.JudgeOptions;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.http.HttpValues;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a worker works.
 *
 * @param group consumer group of all workers
 * @param contentUrl ClickHouse's HTTP interface, for {@code span_content}
 * @param contentUser its user
 * @param contentPassword null: none
 * @param contentDatabase its database
 * @param contentWait how long after dispatch a job waits for its content
 * @param batch deterministic jobs taken at a time
 * @param concurrency judge jobs under way at a time
 * @param judge null: no judge is configured, and jobs of judges are left to other workers
 */
public record EvalWorkerConfig(
    String group,
    URI contentUrl,
    String contentUser,
    @Nullable String contentPassword,
    String contentDatabase,
    Duration contentWait,
    int batch,
    int concurrency,
    @Nullable JudgeOptions judge) {

  /** Name of the application in metrics and health checks. */
  public static final String NAME = "eval-worker";

  private static final String KEY = "tributary.eval-worker.";

  static final Setting<String> GROUP =
      Setting.text(KEY + "group", "tributary-eval-worker", "Consumer group of all workers")
          .check(text -> text.matches("[a-zA-Z0-9._-]{1,200}"), "letters, digits, `.`, `_`, `-`");

  public static final Setting<String> CONTENT_URL =
      Setting.text(
              KEY + "content-url",
              "http://localhost:8123",
              "ClickHouse's HTTP interface; content is read from its table `span_content`")
          .check(HttpValues::isAddress, "http://host:port or https://host:port");

  public static final Setting<String> CONTENT_USER =
      Setting.text(KEY + "content-user", "default", "User who may read `span_content`")
          .check(HttpValues::isHeader, HttpValues.HEADER);

  public static final Setting<Optional<String>> CONTENT_PASSWORD =
      Setting.secret(KEY + "content-password", "Password of the user")
          .check(HttpValues::isHeaderOrAbsent, HttpValues.HEADER_OR_ABSENT);

  public static final Setting<String> CONTENT_DATABASE =
      Setting.text(KEY + "content-database", "tributary", "Database of the table")
          .check(
              text -> text.matches("[A-Za-z_][A-Za-z0-9_]{0,62}"),
              "letters, digits, `_`, at most 63");

  static final Setting<Duration> CONTENT_WAIT =
      Setting.duration(
              KEY + "content-wait",
              "20s",
              "How long after its dispatch a job waits for content that is not there yet")
          .atLeast(Duration.ZERO)
          .atMost(Duration.ofMinutes(2));

  static final Setting<Integer> BATCH =
      Setting.integer(KEY + "batch", 200, "Deterministic jobs taken at a time")
          .atLeast(1)
          .atMost(5_000);

  static final Setting<Integer> CONCURRENCY =
      Setting.integer(
              KEY + "judge-concurrency",
              4,
              "Judge jobs under way at a time; a crash gives up at most so many per partition")
          .atLeast(1)
          .atMost(64);

  public static final Setting<Optional<String>> JUDGE_URL =
      Setting.optionalText(
          KEY + "judge-base-url",
          "OpenAI-compatible API, as `https://host/v1`; empty: no judges, their jobs are not taken");

  static final Setting<String> JUDGE_MODEL =
      Setting.text(KEY + "judge-model", "", "Model that judges; required with a base URL");

  static final Setting<Optional<String>> JUDGE_STRONG_MODEL =
      Setting.optionalText(
          KEY + "judge-strong-model",
          "Model asked where the first is unsure and for a random share; empty: no cascade");

  static final Setting<Optional<String>> JUDGE_KEY =
      Setting.secret(KEY + "judge-api-key", "API key, sent as bearer token")
          .check(HttpValues::isHeaderOrAbsent, HttpValues.HEADER_OR_ABSENT);

  static final Setting<String> JUDGE_PROVIDER =
      Setting.text(
          KEY + "judge-provider",
          "openai",
          "`gen_ai.provider.name` of the judge's own spans, by which they are priced");

  static final Setting<Duration> JUDGE_TIMEOUT =
      Setting.duration(KEY + "judge-timeout", "30s", "Limit of one call")
          .atLeast(Duration.ofMillis(100))
          .atMost(Duration.ofMinutes(2));

  static final Setting<Integer> JUDGE_ATTEMPTS =
      Setting.integer(KEY + "judge-attempts", 4, "Attempts of one call, the first included")
          .atLeast(1)
          .atMost(6);

  static final Setting<Duration> JUDGE_RETRY_FIRST =
      Setting.duration(KEY + "judge-retry-first", "1s", "Pause after a failed call; doubles")
          .atLeast(Duration.ofMillis(1))
          .atMost(Duration.ofSeconds(10));

  static final Setting<Duration> JUDGE_JOB_LIMIT =
      Setting.duration(
              KEY + "judge-job-limit",
              "9min",
              "How long after its deadline a job that was begun may take with all its votes,"
                  + " retries and pauses, at most 25min in all; above `judge-timeout`, and below"
                  + " `tributary.eval-dispatch.retry-grace`, after which the job is sent again; where"
                  + " `judge-concurrency` jobs with their votes take longer at"
                  + " `judge-calls-per-minute`, they end as `JUDGE_TIMEOUT`")
          .atLeast(Duration.ofSeconds(2))
          .atMost(JudgeOptions.MOST_OF_A_JOB);

  static final Setting<Integer> JUDGE_CALLS_PER_MINUTE =
      Setting.integer(KEY + "judge-calls-per-minute", 0, "Most calls a minute; 0: no limit")
          .atLeast(0);

  static final Setting<Integer> JUDGE_MOST_OUTPUT =
      Setting.integer(KEY + "judge-most-output-tokens", 500, "Most tokens of one answer")
          .atLeast(50)
          .atMost(8_000);

  static final Setting<Optional<String>> JUDGE_INPUT_PRICE =
      Setting.optionalText(
          KEY + "judge-input-price",
          "Ledger currency for a million input tokens; without it what dispatch reserved stays"
              + " charged");

  static final Setting<Optional<String>> JUDGE_OUTPUT_PRICE =
      Setting.optionalText(KEY + "judge-output-price", "The same for output tokens");

  /** The module's own settings. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          GROUP,
          CONTENT_URL,
          CONTENT_USER,
          CONTENT_PASSWORD,
          CONTENT_DATABASE,
          CONTENT_WAIT,
          BATCH,
          CONCURRENCY,
          JUDGE_URL,
          JUDGE_MODEL,
          JUDGE_STRONG_MODEL,
          JUDGE_KEY,
          JUDGE_PROVIDER,
          JUDGE_TIMEOUT,
          JUDGE_ATTEMPTS,
          JUDGE_RETRY_FIRST,
          JUDGE_JOB_LIMIT,
          JUDGE_CALLS_PER_MINUTE,
          JUDGE_MOST_OUTPUT,
          JUDGE_INPUT_PRICE,
          JUDGE_OUTPUT_PRICE);

  /** Every setting of the process. */
  public static List<Setting<?>> allSettings() {
    return CommonSettings.ofClient(SETTINGS);
  }

  /**
   * The configuration of these settings.
   *
   * @throws ConfigException naming key, value and what is allowed
   */
  public static EvalWorkerConfig from(Settings settings) {
    return new EvalWorkerConfig(
        settings.get(GROUP),
        URI.create(settings.get(CONTENT_URL)),
        settings.get(CONTENT_USER),
        settings.get(CONTENT_PASSWORD).orElse(null),
        settings.get(CONTENT_DATABASE),
        settings.get(CONTENT_WAIT),
        settings.get(BATCH),
        settings.get(CONCURRENCY),
        judge(settings));
  }

  private static @Nullable JudgeOptions judge(Settings settings) {
    Optional<String> url = settings.get(JUDGE_URL);
    if (url.isEmpty()) {
      return null;
    }
    if (!HttpValues.isAddress(url.get())) {
      throw new ConfigException(
          JUDGE_URL.key()
              + " = \""
              + url.get()
              + "\" is not allowed; allowed: http(s)://host/path");
    }
    if (settings.get(JUDGE_MODEL).isBlank()) {
      throw new ConfigException(JUDGE_MODEL.key() + " is missing; required with a base URL");
    }
    return new JudgeOptions(
        URI.create(url.get()),
        settings.get(JUDGE_KEY).orElse(null),
        settings.get(JUDGE_MODEL),
        settings.get(JUDGE_STRONG_MODEL).orElse(null),
        settings.get(JUDGE_PROVIDER),
        settings.get(JUDGE_TIMEOUT),
        settings.get(JUDGE_ATTEMPTS),
        settings.get(JUDGE_RETRY_FIRST),
        limit(settings),
        settings.get(JUDGE_CALLS_PER_MINUTE),
        settings.get(JUDGE_MOST_OUTPUT),
        price(settings, JUDGE_INPUT_PRICE),
        price(settings, JUDGE_OUTPUT_PRICE));
  }

  private static Duration limit(Settings settings) {
    Duration limit = settings.get(JUDGE_JOB_LIMIT);
    Duration oneCall = settings.get(JUDGE_TIMEOUT).plusSeconds(1);
    if (limit.compareTo(oneCall) < 0) {
      throw new ConfigException(
          JUDGE_JOB_LIMIT.key()
              + " = "
              + limit
              + " is not allowed; allowed: at least a second above "
              + JUDGE_TIMEOUT.key()
              + " = "
              + settings.get(JUDGE_TIMEOUT));
    }
    return limit;
  }

  private static @Nullable BigDecimal price(Settings settings, Setting<Optional<String>> setting) {
    Optional<String> text = settings.get(setting);
    if (text.isEmpty()) {
      return null;
    }
    try {
      BigDecimal price = new BigDecimal(text.get());
      if (price.signum() >= 0) {
        return price;
      }
    } catch (NumberFormatException e) {
      throw new ConfigException(
          setting.key() + " = \"" + text.get() + "\" is not allowed; allowed: a decimal number", e);
    }
    throw new ConfigException(
        setting.key() + " = \"" + text.get() + "\" is not allowed; allowed: 0 or more");
  }
}
