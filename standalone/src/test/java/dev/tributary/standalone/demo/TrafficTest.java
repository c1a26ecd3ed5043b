package dev.tributary.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final Instant FROM = Instant.parse("2026-11-20T10:00:00Z");

  @Test
  void sameSeed_givesTheSameBytes() {
    assertThat(bodies(7, 200))
        .usingElementComparator(java.util.Arrays::compare)
        .containsExactlyElementsOf(bodies(7, 200));
    assertThat(bodies(8, 200))
        .usingElementComparator(java.util.Arrays::compare)
        .doesNotContainSequence(bodies(7, 200));
  }

  @Test
  void books_equalWhatTheBodiesSay() throws Exception {
    Traffic traffic = new Traffic(3, 2_000, FROM, Duration.ofHours(2));
    List<Span> spans = spans(traffic);

    Books books = traffic.books();
    assertThat(spans).hasSize((int) books.spans());
    assertThat(spans.stream().map(Span::getTraceId).distinct()).hasSize((int) books.traces());
    long input = 0;
    long output = 0;
    for (Span span : spans) {
      Map<String, KeyValue> attributes = attributes(span);
      String operation = attributes.get("gen_ai.operation.name").getValue().getStringValue();
      if (operation.equals("chat") || operation.equals("embeddings")) {
        input += number(attributes, "gen_ai.usage.input_tokens");
        output += number(attributes, "gen_ai.usage.output_tokens");
      }
    }
    Books.Sums total = books.total();
    assertThat(input).isEqualTo(total.uncached + total.cacheRead + total.cacheWrite);
    assertThat(output).isEqualTo(total.text + total.reasoning);
  }

  @Test
  void groups_sumToTheTotal() throws Exception {
    Traffic traffic = new Traffic(4, 1_500, FROM, Duration.ofHours(2));
    spans(traffic);

    Books books = traffic.books();
    for (Map<String, Books.Sums> groups :
        List.of(books.byFeature(), books.byTeam(), books.byPrompt(), books.byModel())) {
      assertThat(groups.values().stream().mapToLong(sums -> sums.picodollars).sum())
          .isEqualTo(books.total().picodollars);
      assertThat(groups.values().stream().mapToLong(sums -> sums.calls).sum())
          .isEqualTo(books.total().calls);
    }
  }

  @Test
  void spans_leaveWhenTheyEnd_childrenBeforeParents() throws Exception {
    Traffic traffic = new Traffic(5, 500, FROM, Duration.ofHours(2));
    Set<String> seen = new HashSet<>();
    int parentsAfterChildren = 0;
    for (Span span : spans(traffic)) {
      seen.add(span.getSpanId().toString());
      if (!span.getParentSpanId().isEmpty() && !seen.contains(span.getParentSpanId().toString())) {
        parentsAfterChildren++;
      }
    }
    assertThat(parentsAfterChildren).isPositive();
  }

  private static List<byte[]> bodies(long seed, long traces) {
    Traffic traffic = new Traffic(seed, traces, FROM, Duration.ofHours(2));
    List<byte[]> bodies = new ArrayList<>();
    for (Traffic.Request r = traffic.next(); r != null; r = traffic.next()) {
      bodies.add(r.body());
    }
    return bodies;
  }

  private static List<Span> spans(Traffic traffic) throws Exception {
    List<Span> spans = new ArrayList<>();
    for (Traffic.Request r = traffic.next(); r != null; r = traffic.next()) {
      ExportTraceServiceRequest.parseFrom(r.body())
          .getResourceSpansList()
          .forEach(
              resource ->
                  resource
                      .getScopeSpansList()
                      .forEach(scope -> spans.addAll(scope.getSpansList())));
    }
    return spans;
  }

  private static Map<String, KeyValue> attributes(Span span) {
    Map<String, KeyValue> attributes = new HashMap<>();
    span.getAttributesList().forEach(attribute -> attributes.put(attribute.getKey(), attribute));
    return attributes;
  }

  private static long number(Map<String, KeyValue> attributes, String key) {
    KeyValue attribute = attributes.get(key);
    return attribute == null ? 0 : attribute.getValue().getIntValue();
  }
}
