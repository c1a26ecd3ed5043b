package dev.tributary.alertrouter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.alertrouter.core.DayFigures;
import dev.tributary.alertrouter.core.DaySummary;
import dev.tributary.runtime.http.HttpLimit;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks ClickHouse once a day what every team spent the day before. Without an answer it asks again,
 * until the day is over. That nobody is told twice is the memory's affair.
 */
final class Summaries {
  private static final Duration ASK_AGAIN = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Net sums of the shared views; amounts as text, because JSON numbers are no decimals. */
  private static final String SPEND =
      """
      SELECT tenant, team, feature, toString(toDate(hour)) AS day,
        if(count(cost) + count(cost_estimated) = 0, NULL,
          toString(sum(coalesce(cost, 0)) + sum(coalesce(cost_estimated, 0)))) AS amount,
        toString(sum(calls)) AS n, toString(sum(unpriced_calls)) AS unpriced
      FROM spend
      WHERE toDate(hour) IN (toDate('%1$s'), toDate('%1$s') - 1, toDate('%1$s') - 7)
      GROUP BY tenant, team, feature, day
      FORMAT JSONEachRow""";

  /**
   * Money of an episode goes on over midnight, and where it comes back: less what it had before.
   */
  private static final String EPISODES =
      """
      SELECT tenant, team, toString(uniqExact(episode_id)) AS n,
        toString(sum(money)) AS amount
      FROM (
        SELECT tenant, team, episode_id,
          argMaxIf(money_so_far, revision, toDate(created_at) = toDate('%1$s'))
            - coalesce(argMaxIf(money_so_far, revision, toDate(created_at) < toDate('%1$s')), 0) AS money
        FROM alerts
        WHERE toDate(created_at) BETWEEN toDate('%1$s') - 8 AND toDate('%1$s') AND group_id IS NULL
        GROUP BY tenant, team, episode_id
        HAVING max(toDate(created_at)) = toDate('%1$s'))
      GROUP BY tenant, team
      FORMAT JSONEachRow""";

  /** Answers a query some time later. */
  @FunctionalInterface
  interface Source {
    CompletableFuture<String> answer(String sql);
  }

  private record Asked(LocalDate day, CompletableFuture<DayFigures> answer) {}

  private final @Nullable LocalTime at;
  private final Source source;
  private final AlertRouterMetrics metrics;
  private @Nullable Asked asked;
  private @Nullable LocalDate told;
  private Instant askAt = Instant.MIN;

  Summaries(AlertRouterConfig config, AlertRouterMetrics metrics) {
    this(config.summaryAt(), clickHouse(config), metrics);
  }

  Summaries(@Nullable LocalTime at, Source source, AlertRouterMetrics metrics) {
    this.at = at;
    this.source = source;
    this.metrics = metrics;
  }

  private static Source clickHouse(AlertRouterConfig config) {
    AlertRouterConfig.ClickHouseAddress address = config.clickHouse();
    Duration timeout = config.requestTimeout();
    HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
    return sql -> query(client, address, timeout, sql);
  }

  /** Other teams are ours now: their day may not have been told. */
  void startAgain() {
    told = null;
  }

  /** The summaries to tell now; empty at almost all times. */
  List<DaySummary> ready(Instant now) {
    if (at == null || now.isBefore(askAt)) {
      return List.of();
    }
    LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
    LocalDate day = today.minusDays(1);
    if (day.equals(told) || now.isBefore(today.atTime(at).toInstant(ZoneOffset.UTC))) {
      return List.of();
    }
    Asked open = asked;
    if (open == null || !open.day().equals(day)) { // an answer may come when its day is over
      open = new Asked(day, ask(day));
      asked = open;
    }
    CompletableFuture<DayFigures> answer = open.answer();
    if (!answer.isDone()) {
      return List.of();
    }
    asked = null;
    try {
      List<DaySummary> summaries = answer.join().summaries();
      told = day;
      return summaries;
    } catch (CompletionException e) {
      metrics.error("summary", e);
      askAt = now.plus(ASK_AGAIN);
      return List.of();
    }
  }

  /** When a day ended. */
  static Instant endOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private CompletableFuture<DayFigures> ask(LocalDate day) {
    DayFigures figures = new DayFigures(day);
    return source
        .answer(SPEND.formatted(day))
        .thenCombine(
            source.answer(EPISODES.formatted(day)),
            (spend, episodes) -> {
              rows(spend, row -> addSpend(figures, row));
              rows(episodes, row -> addEpisodes(figures, row));
              return figures;
            });
  }

  private static void addSpend(DayFigures figures, JsonNode row) {
    figures.addSpend(
        row.path("tenant").asText(),
        row.path("team").asText(),
        row.path("feature").asText(),
        LocalDate.parse(row.path("day").asText()),
        amount(row),
        Long.parseLong(row.path("n").asText()),
        Long.parseLong(row.path("unpriced").asText()));
  }

  private static void addEpisodes(DayFigures figures, JsonNode row) {
    figures.addEpisodes(
        row.path("tenant").asText(),
        row.path("team").asText(),
        Long.parseLong(row.path("n").asText()),
        amount(row));
  }

  private static @Nullable BigDecimal amount(JsonNode row) {
    String text = row.path("amount").asText("");
    return text.isEmpty() || text.equals("null") ? null : new BigDecimal(text);
  }

  private static void rows(String body, Consumer<JsonNode> each) {
    for (String line : body.lines().toList()) {
      try {
        each.accept(JSON.readTree(line));
      } catch (JsonProcessingException e) {
        throw new CompletionException("an answer that is not JSON", e);
      }
    }
  }

  private static CompletableFuture<String> query(
      HttpClient client,
      AlertRouterConfig.ClickHouseAddress address,
      Duration timeout,
      String sql) {
    String database = URLEncoder.encode(address.database(), StandardCharsets.UTF_8);
    String base = address.url().toString();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(base + (base.endsWith("/") ? "" : "/") + "?database=" + database))
            .timeout(timeout)
            .header("X-ClickHouse-User", address.user())
            .header("X-ClickHouse-Key", address.password())
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    return HttpLimit.whole(
            client.sendAsync(request, HttpResponse.BodyHandlers.ofString()),
            timeout.multipliedBy(2))
        .thenApply(
            response -> {
              if (response.statusCode() != 200) {
                throw new CompletionException(
                    "ClickHouse answers " + response.statusCode() + ": " + response.body(), null);
              }
              return response.body();
            });
  }
}
