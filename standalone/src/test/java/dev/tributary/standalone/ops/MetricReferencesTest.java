package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.runtime.metrics.MetricNames;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.internals.FetchMetricsRegistry;
import org.apache.kafka.common.MetricNameTemplate;
import org.junit.jupiter.api.Test;

/**
 * Rules and dashboard name only metrics that exist, and every metric of ours is shown or watched.
 */
class MetricReferencesTest {
  /** Classes whose constants name the metrics of the processes in the stack. */
  private static final List<String> DECLARING =
      List.of(
          MetricNames.class.getName(),
          "dev.tributary.normalize.NormalizeMetrics",
          "dev.tributary.attribution.AttributionMetrics",
          "dev.tributary.cost.CostMetrics",
          "dev.tributary.anomaly.AnomalyMetrics",
          "dev.tributary.evaldispatch.DispatchMetrics",
          "dev.tributary.evalworker.WorkerMetrics",
          "dev.tributary.sink.clickhouse.SinkMetrics",
          "dev.tributary.alertrouter.AlertRouterMetrics");

  /** All others are counters. */
  private static final Set<String> GAUGES =
      Set.of(
          MetricNames.IN_STATE,
          MetricNames.TAKEN_OVER,
          MetricNames.RECORD_AGE_MS,
          "tributary.attribution.reference.version",
          "tributary.cost.closed.until.s",
          "tributary.anomaly.judged.until.s",
          "tributary.eval.dispatch.queued.jobs",
          "tributary.eval.dispatch.age.ms",
          "tributary.eval.worker.lag.jobs",
          "tributary.eval.worker.age.ms",
          "tributary.sink.lag.records",
          "tributary.sink.content.deleted.until.s",
          "tributary.alerts.pending",
          "tributary.alerts.oldest.pending.s");

  /** Looked at as histograms. */
  private static final Set<String> TIMERS = Set.of("tributary.alerts.delivery.delay");

  private static final Set<String> PROMETHEUS_OWN = Set.of("up");

  /** What is no metric name in an expression: strings, matchers, ranges, label lists. */
  private static final List<Pattern> NOT_METRICS =
      List.of(
          Pattern.compile("\"[^\"]*\""),
          Pattern.compile("\\{[^}]*}"),
          Pattern.compile("\\[[^\\]]*]"),
          Pattern.compile("\\b(by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)"),
          Pattern.compile("\\boffset\\s+\\d+[smhd]"),
          Pattern.compile("\\b(and|or|unless|bool)\\b"));

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\w)(?!\\s*\\()");

  @Test
  void metricsInRulesAndDashboard_exist() throws Exception {
    Set<String> known = new HashSet<>(ours().keySet());
    known.addAll(kafkaConsumerMetrics());
    known.addAll(PROMETHEUS_OWN);
    for (String expression : expressions()) {
      assertThat(names(expression)).as(expression).isNotEmpty().isSubsetOf(known);
    }
  }

  @Test
  void everyMetricOfOurs_isShownOrWatched() throws Exception {
    Set<String> used = new TreeSet<>();
    for (String expression : expressions()) {
      used.addAll(names(expression));
    }
    ours()
        .forEach(
            (name, constant) ->
                assertThat(used)
                    .as("%s: give it a panel or a rule below ops/", constant)
                    .contains(name));
  }

  /** The negative control: the reading of expressions finds names in every place. */
  @Test
  void names_everyPlace() {
    assertThat(
            names(
                "sum by (module) (rate(tributary_a_total{x=\"tributary_no\"}[5m])) > on (module)"
                    + " group_left () (0.01 * b) or (c unless c offset 10m)"))
        .containsExactlyInAnyOrder("tributary_a_total", "b", "c");
  }

  /** Names as Prometheus sees them, with the constant that declares each. */
  private static Map<String, String> ours() throws ReflectiveOperationException {
    Map<String, String> names = new TreeMap<>();
    for (String declaring : DECLARING) {
      int before = names.size();
      for (Field field : Class.forName(declaring).getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
          field.setAccessible(true);
          String name = (String) field.get(null);
          if (name.startsWith("tributary.")) {
            names.put(scraped(name), declaring + "." + field.getName());
          }
        }
      }
      assertThat(names.size()).as("constants of %s", declaring).isGreaterThan(before);
    }
    return names;
  }

  /** The one name under which a meter is scraped. */
  private static String scraped(String meter) {
    if (TIMERS.contains(meter)) {
      return meter.replace('.', '_') + "_seconds_bucket";
    }
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    if (GAUGES.contains(meter)) {
      registry.gauge(meter, 1);
    } else {
      registry.counter(meter).increment();
    }
    List<String> samples = registry.scrape().lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(samples).hasSize(1);
    return samples.get(0).split("[ {]", 2)[0];
  }

  /**
   * What Micrometer's binder makes of the consumer's own metrics: group without "-metrics", then
   * the name. Kafka lists them in an internal class; an upgrade that moves it breaks this test and
   * nothing else.
   */
  private static Set<String> kafkaConsumerMetrics() {
    Set<String> names = new HashSet<>();
    for (MetricNameTemplate metric :
        new FetchMetricsRegistry(Set.of("client-id"), "consumer").getAllTemplates()) {
      String name = "kafka." + metric.group().replace("-metrics", "") + "." + metric.name();
      names.add(name.replace('-', '_').replace('.', '_'));
    }
    return names;
  }

  private static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>(Dashboard.read().promQl());
    for (JsonNode expression : OpsFiles.yaml(OpsFiles.RULES).findValues("expr")) {
      expressions.add(expression.asText());
    }
    return expressions;
  }

  private static Set<String> names(String expression) {
    String rest = expression;
    for (Pattern pattern : NOT_METRICS) {
      rest = pattern.matcher(rest).replaceAll(" ");
    }
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(rest);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }
}
