package dev.tributary.standalone.correct;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.attribution.core.LateBook;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.attribution.core.RejectReason;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Plans lines for spans that were rejected as beyond memory. What their traces have in the ledger
 * is read from its topic, how their spans hang together from ClickHouse. Holds the rejected spans
 * of the period and the lines of their traces.
 */
final class LatePlanner implements Planner {
  /** Lines of a trace may have ended so long before its late span. */
  private static final long LEAD_MS = Duration.ofHours(24).toMillis();

  private static final int TRACES_PER_QUERY = 500;

  private final CorrectionClients clients;
  private final Selection selection;
  private final ReferenceView view;
  private int alreadyBooked;
  private int leftOut;

  LatePlanner(CorrectionClients clients, Selection selection, ReferenceView view) {
    this.clients = clients;
    this.selection = selection;
    this.view = view;
  }

  @Override
  public void plan(Consumer<LineChange> changes) {
    alreadyBooked = 0;
    leftOut = 0;
    Map<String, List<Span>> late = lateSpans();
    if (late.isEmpty()) {
      return;
    }
    Map<String, Map<String, LedgerLine>> booked = bookedLines(late);
    Map<String, Map<String, @Nullable String>> parents = parents(List.copyOf(late.keySet()));
    SchemaCodec codec = new SchemaCodec();
    late.forEach(
        (trace, spans) -> {
          LateBook.Known known =
              new LateBook.Known(
                  booked.getOrDefault(trace, Map.of()), parents.getOrDefault(trace, Map.of()));
          LateBook.Late result = LateBook.book(spans, known, view, codec::encode);
          alreadyBooked += result.alreadyBooked();
          leftOut += result.leftOut();
          for (LedgerLine line : result.lines()) {
            if (selection.matches(line)) {
              changes.accept(new LineChange(null, 0, line));
            }
          }
        });
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (alreadyBooked > 0) {
      notes.add("%,d rejected spans have a line already".formatted(alreadyBooked));
    }
    if (leftOut > 0) {
      notes.add(
          "%,d spans are left out, since a booked aggregate may hold their usage; ./tributary reprocess can tell"
              .formatted(leftOut));
    }
    return notes;
  }

  private Map<String, List<Span>> lateSpans() {
    Map<String, List<Span>> late = new TreeMap<>();
    try (TopicReader<Rejected> rejected = clients.reader(Topics.REJECTED)) {
      for (TopicPartition partition : rejected.partitions()) {
        rejected.read(partition, selection.fromMs(), record -> add(late, record.value()));
      }
    }
    return late;
  }

  private void add(Map<String, List<Span>> late, Rejected rejected) {
    Span span = rejected.getSpan();
    if (span != null
        && rejected.getReason().equals(RejectReason.BEYOND_MEMORY.name())
        && span.getTenant().equals(selection.tenant())
        && selection.isInPeriod(span.getEndTimeUs())) {
      late.computeIfAbsent(span.getTraceId(), trace -> new ArrayList<>()).add(span);
    }
  }

  private Map<String, Map<String, LedgerLine>> bookedLines(Map<String, List<Span>> late) {
    Map<String, Map<String, LedgerLine>> booked = new HashMap<>();
    try (TopicReader<LedgerEntry> ledger = clients.reader(Topics.LEDGER)) {
      for (TopicPartition partition : ledger.partitions()) {
        NetFold<LedgerLine> fold =
            new NetFold<>(
                entry -> {
                  LedgerLine line = entry.getLine();
                  return line.getTenant().equals(selection.tenant())
                          && line.getKind() == LineKind.USAGE
                          && late.containsKey(line.getSource())
                      ? line
                      : null;
                });
        ledger.read(
            partition,
            Math.max(0, selection.fromMs() - LEAD_MS),
            record -> fold.add(record.value()));
        fold.forEach(
            (key, line) ->
                booked
                    .computeIfAbsent(line.getSource(), trace -> new HashMap<>())
                    .put(line.getItem(), line));
      }
    }
    return booked;
  }

  /** Trace ids are hex, so they need no quoting. */
  private Map<String, Map<String, @Nullable String>> parents(List<String> traces) {
    SqlClient sql = SqlClient.of(clients.settings());
    Map<String, Map<String, @Nullable String>> parents = new HashMap<>();
    for (int from = 0; from < traces.size(); from += TRACES_PER_QUERY) {
      String ids =
          traces.subList(from, Math.min(traces.size(), from + TRACES_PER_QUERY)).stream()
              .filter(id -> id.matches("[0-9a-f]+"))
              .map(id -> "'" + id + "'")
              .collect(Collectors.joining(","));
      String query =
          "SELECT trace_id, span_id, parent_span_id FROM spans WHERE tenant = %s AND trace_id IN (%s)"
              .formatted(SqlLiteral.text(selection.tenant()), ids);
      for (List<String> row : rows(sql, query)) {
        String parent = row.get(2).equals("\\N") ? null : row.get(2);
        parents.computeIfAbsent(row.get(0), trace -> new HashMap<>()).put(row.get(1), parent);
      }
    }
    return parents;
  }

  private static List<List<String>> rows(SqlClient sql, String query) {
    try {
      return sql.rows(query);
    } catch (IOException e) {
      throw new PlatformException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while asking ClickHouse", e);
    }
  }
}
